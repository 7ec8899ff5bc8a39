"""What the alerts service is told."""

from services.alerts.settings import AlertSettings


def test_a_link_leads_to_the_port_that_is_listened_at():
    """Unless somebody says where the reader finds the service."""
    assert AlertSettings(stadga_alerts_port=21_000).link("p", "t", "a b", "e") == (
        "http://127.0.0.1:21000/v1/alerts?plan=p&unit=a%20b"
    )
    elsewhere = AlertSettings(stadga_alerts_port=21_000, stadga_link="https://hr.example/{episode}")
    assert elsewhere.link("p", "t", "u", "e/1") == "https://hr.example/e%2F1"
