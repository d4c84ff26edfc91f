"""Why a certificate was not trusted, and what to do about it."""

import os
import ssl
from pathlib import Path

from messaging.phrases import Words, phrase

VARIABLE = "SSL_CERT_FILE"
NOT_YET_VALID, EXPIRED = 9, 10  # OpenSSL's X509_V_ERR_*
OTHER_NAME, OTHER_IP = 62, 64


def explain_certificate(error: ssl.SSLCertVerificationError) -> tuple[Words, Words]:
    """Return what is wrong, to follow "The certificate", and the remedy."""
    if error.verify_code == EXPIRED:
        return phrase("certificate_errors.has_expired"), phrase("certificate_errors.have_it_renewed_there_if_it")
    if error.verify_code == NOT_YET_VALID:
        remedy = phrase("certificate_errors.set_this_machines_clock_if_that")
        return phrase("certificate_errors.is_not_valid_yet"), remedy
    if error.verify_code in (OTHER_NAME, OTHER_IP):
        return phrase("certificate_errors.is_for_another_name"), phrase(
            "certificate_errors.use_the_host_name_that_stands"
        )
    return phrase("certificate_errors.is_signed_by_nobody_whom_this"), _name_authority(os.environ.get(VARIABLE, ""))


def _name_authority(named: str) -> Words:
    if not named:
        return phrase("certificate_errors.name_the_file_of_its_authority")
    if not Path(named).is_file():
        return phrase("certificate_errors.ssl_cert_file_names_which_is", named=named)
    return phrase("certificate_errors.ssl_cert_file_names_put_its", named=named)
