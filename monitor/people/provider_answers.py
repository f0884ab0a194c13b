"""The school's own sign-in: what is asked of an OpenID Connect provider, and what of its answer is believed.

Authorization code flow with PKCE (RFC 7636), `state`, `nonce` (OpenID Connect Core 1.0, 3.1) and `iss` (RFC 9207).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from monitor.errors import NotSignedIn
from monitor.people.provider import Asked, Metadata, Person, Provider
from monitor.words import _

log = logging.getLogger(__name__)
METADATA = "/.well-known/openid-configuration"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Signed by a key that only the provider has; never "none", never with the client's secret.
SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
PATIENCE_S = 8.0
LEEWAY_S = 60


def metadata(provider: Provider) -> Metadata:
    """Raises NotSignedIn."""
    with _believing("its metadata"):
        found = _get(provider.issuer.rstrip("/") + METADATA)
        if str(found["issuer"]).rstrip("/") != provider.issuer.rstrip("/"):
            raise ValueError(f"it calls itself {found['issuer']!r}")
        return {**found, **{name: str(found[name]) for name in NEEDED}}


def address(provider: Provider, known: Metadata, asked: Asked, back: str) -> str:
    """Where somebody signs in. `back`: the address to which the provider then leads."""
    with _client(provider, known, back) as client:
        url, _state = client.create_authorization_url(
            known["authorization_endpoint"], state=asked.state, nonce=asked.nonce, code_verifier=asked.verifier
        )
    return str(url)


def person(provider: Provider, known: Metadata, asked: Asked, code: str, back: str) -> Person:
    """Who came back with this code. Raises NotSignedIn."""
    with _believing("its answer"), _client(provider, known, back) as client:
        token = client.fetch_token(known["token_endpoint"], code=code, code_verifier=asked.verifier)
        claims = _claims(provider, known, asked, token)
        if known.get("userinfo_endpoint") and not {"email", provider.groups} <= set(claims):
            told = client.get(known["userinfo_endpoint"]).json()
            if told.get("sub") == claims["sub"]:
                claims = {**told, **claims}
    return _person(provider, known, claims)


def _get(address: str) -> Any:
    answer = requests.get(address, timeout=PATIENCE_S)
    answer.raise_for_status()
    return answer.json()


def _client(provider: Provider, known: Metadata, back: str) -> Any:
    ways = known.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return OAuth2Session(
        provider.client_id,
        provider.secret,
        redirect_uri=back,
        scope="openid email profile",
        token_endpoint_auth_method="client_secret_basic" if "client_secret_basic" in ways else "client_secret_post",
        code_challenge_method="S256",
        default_timeout=PATIENCE_S,
    )


def _claims(provider: Provider, known: Metadata, asked: Asked, token: Mapping[str, Any]) -> Mapping[str, Any]:
    keys = KeySet.import_key_set(_get(known["jwks_uri"]))
    allowed = [one for one in known.get("id_token_signing_alg_values_supported") or ["RS256"] if one in SIGNED]
    read = jwt.decode(token["id_token"], keys, registry=JWSRegistry(algorithms=allowed, strict_check_header=False))
    wanted = {"iss": {"values": [known["issuer"]]}, "aud": {"values": [provider.client_id]}}
    given = {"nonce": asked.nonce, "client_id": provider.client_id, "access_token": token.get("access_token")}
    claims = CodeIDToken(read.claims, read.header, wanted, given)
    claims.validate(leeway=LEEWAY_S)
    return dict(claims)


def _person(provider: Provider, known: Metadata, claims: Mapping[str, Any]) -> Person:
    email, groups = claims.get("email"), claims.get(provider.groups)
    if not isinstance(email, str) or "@" not in email or claims.get("email_verified") in (False, "false"):
        raise NotSignedIn(_("The school's sign-in gives no e-mail address for you that it has checked."))
    subject = hashlib.sha256(f"{known['issuer']}\n{claims['sub']}".encode()).hexdigest()
    listed = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    return Person(subject, email.strip(), frozenset(map(str, listed)))


@contextmanager
def _believing(what: str) -> Iterator[None]:
    """Around all that comes from elsewhere. The log gets the kind of the error: its words may hold a code or token."""
    try:
        yield
    except requests.JSONDecodeError as error:
        log.warning("the school's sign-in: %s is no JSON", what)
        raise _odd("JSON") from error
    except requests.RequestException as error:
        log.warning("the school's sign-in: %s: %s", what, type(error).__name__)
        raise _away() from error
    except AuthlibBaseError as error:
        log.warning("the school's sign-in: %s: %s", what, error.error)
        raise _odd(str(error.error)) from error
    except JoseError as error:
        log.warning("the school's sign-in: %s: %s", what, error.error)
        raise _odd(str(error.error)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("the school's sign-in: %s: %s", what, type(error).__name__)
        raise _odd(type(error).__name__) from error


def _away() -> NotSignedIn:
    return NotSignedIn(
        _("The school's sign-in does not answer just now. Try again in a minute, or sign in with a password."), 503
    )


def _odd(problem: str) -> NotSignedIn:
    return NotSignedIn(
        _(
            "The school's sign-in gave an answer that this dashboard does not believe ({problem}). Please tell those "
            "who look after it: its address, the client's number and its secret have to fit."
        ).format(problem=problem),
        502,
    )
