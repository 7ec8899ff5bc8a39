"""The board in a real browser, by people who a real Keycloak signs in: what they do, may not do, and can read."""

import re
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page, expect

from shared.language.numbers import moment
from tests.e2e.signed_in import House, open_house, sign_in
from tests.polling import until
from tests.real_browser import PATIENCE_MS, beyond, violations

expect.set_options(timeout=PATIENCE_MS)
PAGES = (
    "/board/",
    "/board/?find=norr",
    "/board/units/norr",
    "/board/units/*",
    "/board/promises",
    "/board/alerts/hela/avgang/vaster",
    "/board/plans",
    "/board/plans/hela",
    "/board/metrics/leaver_rate?unit=norr",
    "/board/data",
    "/board/accessibility",
    "/board/nowhere",
    "/unsubscribe/hela/hr?sig=none",
)
"""As a handler of every unit sees them."""
FOR_AUDITORS = ("/board/access-log", "/board/access-log?who=nobody", "/board/units/norr")
PHONE = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """One for all tests: each of them acts on an alert of its own."""
    async with open_house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


async def handles(page: Page) -> None:
    """Acknowledge, assign, comment and snooze the alert that the page shows, in Swedish."""
    await page.fill("#ack-note", "Jag tar det")
    await page.get_by_role("button", name="Jag tar hand om det").click()
    await expect(page.get_by_role("button", name="Jag tar inte längre hand om det")).to_be_visible()
    await page.get_by_text("Tilldela någon").click()
    await page.fill("#assign-to", "Chefen")
    await page.get_by_role("button", name="Tilldela", exact=True).click()
    await expect(page.locator("p.done", has_text="Chefen")).to_be_visible()
    await page.locator("summary", has_text="Kommentera").click()
    await page.fill("#comment-note", "Samtal bokade <b>i dag</b>")
    await page.get_by_role("button", name="Spara kommentaren").click()
    await expect(page.locator(".story", has_text="Samtal bokade <b>i dag</b>")).to_be_visible()
    await page.locator("summary", has_text="Pausa").click()
    await page.fill("#snooze-until", "2024-05-20")
    await page.fill("#snooze-note", "Vi väntar in samtalen")
    await page.get_by_role("button", name="Pausa", exact=True).click()
    await expect(page.locator(".story", has_text="Vi väntar in samtalen")).to_be_visible()


DONE = "select kind, by from alerts.handlings where plan = 'hela' and unit = '{}' order by at"


@pytest.mark.parametrize(("who", "unit", "script"), [("head", "norr", True), ("handler", "vaster", False)])
async def test_an_alert_is_handled(house: House, who: str, unit: str, script: bool):
    """From the mail's address through signing in to the page of the alert; with and without JavaScript."""
    async with house.visit(java_script_enabled=script) as page:
        await page.goto(f"/board/alerts/hela/avgang/{unit}")
        await sign_in(page, who)
        await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(unit, re.IGNORECASE))
        await handles(page)
    done = [(kind, by) for kind, by in await house.rows(DONE.format(unit))]
    name = f"{who.capitalize()} Svensson"
    assert done == [(kind, name) for kind in ("acknowledged", "assigned", "commented", "snoozed")]


async def test_a_head_is_refused_the_page_of_another_unit(house: House):
    """Of the unit, of its alert, and in the table of all: none of them names a number of it; the own ones answer."""
    async with house.visit("head") as page:
        for path, status in {
            "/board/units/norr": 200,
            "/board/units/soder": 403,
            "/board/alerts/hela/avgang/soder": 403,
            "/board/access-log": 403,
        }.items():
            answer = await page.goto(path)
            assert answer is not None
            assert (path, answer.status) == (path, status)
        await page.goto("/board/promises")
        named = await page.locator("tbody th").all_inner_texts()
        assert named
        assert set(named) == {"Norr"}
        assert await page.get_by_role("link", name="Vem som har tittat").count() == 0


async def test_a_planner_says_where_actions_of_the_own_units_stand(house: House):
    """Not those of a plan of more than that, nor does a head: the form is not there, and one sent is refused."""
    async with house.visit("planner") as page:
        await page.goto("/board/plans/norr")
        await page.select_option("#state", "started")
        await page.fill("#since", "2024-04-15")
        await page.get_by_role("button", name="Spara").click()
        await expect(page.locator("td", has_text="15 april 2024").first).to_be_visible()
        carried = await page.locator("main form [name=csrf]").input_value()
        await page.goto("/board/plans/hela")
        assert await page.locator("#state").count() == 0
        form = {"csrf": carried, "measure": "samtal", "status": "done"}
        refused = await page.request.post("/board/plans/hela", form=form, headers={"origin": house.address})
        assert refused.status == 403
    async with house.visit("head") as page:
        await page.goto("/board/plans/norr")
        assert await page.locator("#state").count() == 0
    said = await house.rows("select plan, measure from alerts.measure_updates")
    assert said == [("norr", "mentor")]


async def test_an_auditor_reads_who_looked(house: House, tmp_path: Path):
    """That a head was refused is among it; all of it is a file; nothing else is open to who only audits."""
    async with house.visit("head") as page:
        await page.goto("/board/units/soder")
    async with house.visit("auditor") as page:
        await page.wait_for_url("**/board/access-log")
        refused = page.locator("tr", has_text="Head Svensson").filter(has_text="nekat").filter(has_text="soder")

        async def told() -> bool:
            await page.reload()
            return await refused.count() > 0

        await until(told, "the look of the head to be written")
        await refused.first.get_by_role("link").click()
        assert set(await page.locator("td[data-label=Vem]").all_inner_texts()) == {"Head Svensson"}
        await page.fill("#unit", "soder")
        await page.get_by_role("button", name="Visa").click()
        await expect(page.locator("tbody tr").first).to_be_visible()
        assert await refused.count() == await page.locator("tbody tr").count()
        async with page.expect_download() as begun:
            await page.get_by_role("link", name="CSV").click()
        await (await begun.value).save_as(tmp_path / "log.csv")
        lines = (tmp_path / "log.csv").read_text().splitlines()
        assert lines[0].startswith("id,at,who,name")
        assert lines[1:]
        assert all(",Head Svensson,session,GET,/board/" in line for line in lines[1:])
        assert all(line.endswith(",soder,,403") for line in lines[1:])
        answer = await page.goto("/board/units/norr")
        assert answer is not None
        assert answer.status == 403


@pytest.mark.parametrize("language", ["sv-SE", "en-GB"])
async def test_every_page_can_be_used_by_everybody(house: House, language: str):
    """Axe finds nothing to object to; at 320 pixels nothing is scrolled sideways; what is printed has no forms."""
    found: dict[str, list[str]] = {}
    for who, paths in (("handler", PAGES), ("auditor", FOR_AUDITORS)):
        async with house.visit(who, language) as page:
            for path in paths:
                found[path] = await faults(page, path)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


async def test_axe_finds_what_is_wrong(house: House):
    """So that finding nothing says something."""
    async with house.visit() as page:
        await page.set_content("<p style='color: #ccc'>pale</p><input><img src='data:,'>")
        found = {one.partition(":")[0] for one in await violations(page)}
        assert {"color-contrast", "label", "image-alt", "html-has-lang"} <= found


async def faults(page: Page, path: str) -> list[str]:
    """What is wrong with a page with all that it unfolds: wide, narrow and printed."""
    await page.set_viewport_size({"width": 1280, "height": 900})
    await page.goto(path)
    found = await violations(page)
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    found += await violations(page)
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height
    found += [f"narrow: {one}" for one in await violations(page)]
    if wider := await beyond(page):
        found.append(f"{wider} pixels are beyond 320")
    await page.emulate_media(media="print")
    found += ["a form is printed"] * await page.locator("form:visible, nav:visible").count()
    if not await page.locator("h1:visible").count() or not (await page.pdf()).startswith(b"%PDF"):
        found.append("nothing is printed")
    await page.emulate_media(media="screen")
    return found


async def test_the_keyboard_alone_is_enough(house: House):
    """From the start page to the alert and its button, each with a visible mark of where one is."""
    async with house.visit("handler") as page:
        await page.goto("/board/units/soder")
        await tab_to(page, "Hoppa till innehållet")
        await page.keyboard.press("Enter")
        await tab_to(page, "Avgångar, alla orsaker")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/board/alerts/hela/avgang/soder")
        await tab_to(page, "Jag tar hand om det")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Jag tar inte längre hand om det")).to_be_visible()
    assert [kind for kind, _ in await house.rows(DONE.format("soder"))] == ["acknowledged"]


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called so has the focus, and shows it."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        text, outline = await page.evaluate(
            "[document.activeElement.innerText || '', getComputedStyle(document.activeElement).outlineStyle]"
        )
        if text.strip() == name:
            assert outline != "none"
            return
    pytest.fail(f"{name} is not reached by Tab")


ESCALATED = (
    "select unit, to_char(day, 'YYYY-MM-DD'), told[1] from alerts.handlings where kind = 'escalated' order by 1, 2"
)


async def test_an_alert_that_nobody_takes_on_reaches_the_director(house: House):
    """On the second working day after 1 May, a holiday. Taken on it goes no further; what nobody takes on does."""
    reached: list[tuple[object, ...]] = [(unit, "2024-05-03", "direktor") for unit in ("norr", "vaster")]
    async with house.on("2024-05-03"):
        await until(partial(escalated, house, reached), "the escalations of the second working day")
        for who in ("head", "director"):
            async with house.visit(who) as page:
                await page.goto("/board/alerts/vidare/avgang/norr")
                await says_it_was_escalated(page, house)
                if who == "director":
                    await page.get_by_role("button", name="Jag tar hand om det").click()
                    await expect(page.locator("p.done", has_text="Director Svensson tar hand om det")).to_be_visible()
    reached.append(("vaster", "2024-05-13", "hr"))
    async with house.on("2024-05-13"):
        await until(partial(escalated, house, reached), "the escalation of the seventh working day, of one alert")
        async with house.visit("head") as page:
            await page.goto("/board/alerts/vidare/avgang/norr")
            await says_it_was_escalated(page, house)
            await expect(page.locator("p.done", has_text="Director Svensson tar hand om det")).to_be_visible()


async def escalated(house: House, wanted: list[tuple[object, ...]]) -> bool:
    """Whether so many alerts were escalated; fails when they are others."""
    found = await house.rows(ESCALATED)
    assert found == wanted or len(found) < len(wanted)
    return found == wanted


async def says_it_was_escalated(page: Page, house: House) -> None:
    """To whom and when: in a sentence, in what was done, and in who was told."""
    [(at,)] = await house.rows("select at from alerts.handlings where kind = 'escalated' and unit = 'norr'")
    assert isinstance(at, datetime)
    when = moment(at, ZoneInfo("Europe/Stockholm"), "sv")
    await expect(page.locator("p.done", has_text="Fört vidare till Direktören")).to_be_visible()
    done = page.locator(".story li", has_text="förde larmet vidare: Direktören")
    await expect(done.filter(has_text=when)).to_have_count(1)
    told = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Direktören"))
    await expect(told).to_have_count(1)


async def test_signing_out_is_of_both(house: House):
    """The button leads to the provider; afterwards it asks for the password again, and the table holds nobody."""
    async with house.visit("planner") as page:
        before = len(await house.rows("select from alerts.sessions"))
        await page.get_by_role("button", name="Logga ut").click()
        await page.click("#kc-logout")
        await expect(page.locator("#username")).to_be_visible()
        assert len(await house.rows("select from alerts.sessions")) == before - 1


async def test_who_signs_out_at_the_provider_is_signed_out_here(house: House):
    """It tells by itself, and the cookie is worth nothing any more."""
    async with house.visit("planner") as page:
        before = len(await house.rows("select from alerts.sessions"))
        await page.goto(f"{house.issuer}/protocol/openid-connect/logout")
        await page.click("#kc-logout")

        async def ended() -> bool:
            return len(await house.rows("select from alerts.sessions")) == before - 1

        await until(ended, "the provider to tell")
        await page.goto("/board/")
        await expect(page.locator("#username")).to_be_visible()
