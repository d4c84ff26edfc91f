"""Why a certificate was not trusted, and what to do about it."""

import os
import ssl
from pathlib import Path

from messaging.phrases import Words, phrase

VARIABLE = "SSL_CERT_FILE"
NOT_YET_VALID, EXPIRED = 9, 10  # OpenSSL's X509_V_ERR_*
OTHER_NAME, OTHER_IP = 62, 64


def distrust(error: ssl.SSLCertVerificationError) -> tuple[Words, Words]:
    """What is wrong with it, to stand behind "The certificate", and the remedy."""
    if error.verify_code == EXPIRED:
        return phrase("has expired"), phrase("have it renewed there; if it is good, set this machine's clock")
    if error.verify_code == NOT_YET_VALID:
        remedy = phrase("set this machine's clock; if that is right, wait, or have another one made there")
        return phrase("is not valid yet"), remedy
    if error.verify_code in (OTHER_NAME, OTHER_IP):
        return phrase("is for another name"), phrase("use the host name that stands in it")
    return phrase("is signed by nobody whom this machine trusts"), _name_authority(os.environ.get(VARIABLE, ""))


def _name_authority(named: str) -> Words:
    if not named:
        return phrase("name the file of its authority (CA) in SSL_CERT_FILE")
    if not Path(named).is_file():
        return phrase(f"SSL_CERT_FILE names {named:.200}, which is no file: name the file of its authority (CA)")
    return phrase(f"SSL_CERT_FILE names {named:.200}: put its authority (CA) there")
