"""A certificate authority of a test: who it vouches for can be believed, and nobody else."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

LASTS = timedelta(days=2)
HERE = (x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1")))


class Authority:
    """Its own certificate is ``path``, in PEM."""

    def __init__(self, folder: Path, name: str) -> None:
        """``folder`` is made; it gets all that is issued."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        own = self._certificate(name, self._key, x509.BasicConstraints(ca=True, path_length=0))
        self.path = folder / "authority.pem"
        self.path.write_bytes(own.public_bytes(Encoding.PEM))

    def issue(self, name: str) -> tuple[Path, Path]:
        """A certificate for ``name`` at this machine, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._certificate(name, key, x509.BasicConstraints(ca=False, path_length=None))
        paths = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        paths[0].write_bytes(certificate.public_bytes(Encoding.PEM))
        paths[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        paths[1].chmod(0o600)
        return paths

    def _certificate(
        self, name: str, key: ec.EllipticCurvePrivateKey, constraints: x509.BasicConstraints
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        building = x509.CertificateBuilder(self._name, subject, key.public_key(), x509.random_serial_number())
        building = building.not_valid_before(now - LASTS).not_valid_after(now + LASTS)
        for extension in (constraints, x509.SubjectAlternativeName(HERE)):
            building = building.add_extension(extension, critical=False)
        identity = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        building = building.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        return building.add_extension(identity, critical=False).sign(self._key, hashes.SHA256())
