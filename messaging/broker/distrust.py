"""Why a certificate was not trusted, and what to do about it."""

import os
import ssl
from pathlib import Path

VARIABLE = "SSL_CERT_FILE"
NOT_YET_VALID, EXPIRED = 9, 10  # OpenSSL's X509_V_ERR_*
OTHER_NAME, OTHER_IP = 62, 64


def distrust(error: ssl.SSLCertVerificationError) -> tuple[str, str]:
    """What is wrong with it, to stand behind "The certificate", and the remedy."""
    if error.verify_code == EXPIRED:
        return "has expired", "have it renewed there; if it is good, set this machine's clock"
    if error.verify_code == NOT_YET_VALID:
        return "is not valid yet", "set this machine's clock; if that is right, wait, or have another one made there"
    if error.verify_code in (OTHER_NAME, OTHER_IP):
        return "is for another name", "use the host name that stands in it"
    return "is signed by nobody whom this machine trusts", _name_authority(os.environ.get(VARIABLE, ""))


def _name_authority(named: str) -> str:
    if not named:
        return f"name the file of its authority (CA) in {VARIABLE}"
    if not Path(named).is_file():
        return f"{VARIABLE} names {named:.200}, which is no file: name the file of its authority (CA)"
    return f"{VARIABLE} names {named:.200}: put its authority (CA) there"
