"""Access tokens that must not be taken, made from a good one."""

import base64
import hashlib
import hmac
import json
import time

HEADER = {"alg": "HS256", "typ": "at+jwt"}


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(value):
    return json.dumps(value, separators=(",", ":")).encode()


def decode(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def sign(header, payload, secret, algorithm=hashlib.sha256):
    """A token with these parts (dicts, or bytes as they are), signed with the secret."""
    head, body = (encode(part if isinstance(part, bytes) else compact(part)) for part in (header, payload))
    signature = hmac.new(secret.encode(), f"{head}.{body}".encode(), algorithm).digest()
    return f"{head}.{body}.{encode(signature)}"


def forged(token, secret):
    """Bad tokens by name. Where they are signed, it is with the server's own secret: only the named thing is wrong."""
    head, body, signature = token.split(".")
    claims = decode(token)
    now = int(time.time())

    def with_claims(**changed):
        return sign(HEADER, {name: value for name, value in (claims | changed).items() if value is not ...}, secret)

    bad = {
        "empty": "",
        "dots": "..",
        "one part": head,
        "two parts": f"{head}.{body}",
        "four parts": f"{token}.x",
        "no signature": f"{head}.{body}.",
        "other secret": sign(HEADER, claims, secret + "x"),
        "signature cut": token[:-1],
        "signature longer": token + "A",
        "padded": token + "=",
        "padded twice": token + "==",
        "signature of another body": f"{head}.{encode(compact(claims | {'sub': claims['jti']}))}.{signature}",
        "signed with SHA-512": sign(HEADER, claims, secret, hashlib.sha512),
        "signature as hexadecimal": f"{head}.{body}.{hmac.new(secret.encode(), f'{head}.{body}'.encode(), hashlib.sha256).hexdigest()}",
        "parts swapped": f"{body}.{head}.{signature}",
        "space before": f" .{token}",
        "newline inside": f"{head}.\n{body}.{signature}",
        "url alphabet changed": f"{head}.{body}.+/{signature[2:]}",
        "claims are an array": sign(HEADER, [claims], secret),
        "claims are not JSON": sign(HEADER, b"{", secret),
        "claims are empty": sign(HEADER, {}, secret),
        "claims are huge": with_claims(filler="a" * 8000),
        "claims twice": sign(HEADER, compact(claims)[:-1] + b',"sub":"' + claims["sub"].encode() + b'"}', secret),
        "claims with a NUL": sign(HEADER, compact(claims) + b"\x00", secret),
    }
    bad |= {
        f"alg {alg}": f"{encode(compact({'alg': alg, 'typ': 'at+jwt'}))}.{body}."
        for alg in ("none", "None", "NONE", "nOnE", "")
    }
    bad |= {
        f"alg {alg} signed": sign({"alg": alg, "typ": "at+jwt"}, claims, secret)
        for alg in ("none", "HS384", "HS512", "RS256", "ES256", "hs256", "EdDSA")
    }
    bad |= {
        f"header with {name}": sign(HEADER | {name: value}, claims, secret)
        for name, value in {
            "kid": "../../dev/null",
            "jku": "http://127.0.0.1/keys",
            "jwk": {"kty": "oct", "k": "AA"},
            "x5u": "http://127.0.0.1/x",
            "x5c": ["AA"],
            "crit": ["exp"],
            "zip": "DEF",
            "cty": "JWT",
            "b64": False,
        }.items()
    }
    bad |= {
        "typ JWT": sign({"alg": "HS256", "typ": "JWT"}, claims, secret),
        "no typ": sign({"alg": "HS256"}, claims, secret),
        "header in another order": sign({"typ": "at+jwt", "alg": "HS256"}, claims, secret),
        "header with spaces": sign(b'{"alg": "HS256", "typ": "at+jwt"}', claims, secret),
    }
    bad |= {
        f"no {name}": with_claims(**{name: ...}) for name in ("sub", "sid", "jti", "iat", "nbf", "exp", "iss", "aud")
    }
    bad |= {
        "expired": with_claims(exp=now - 61),
        "expired long ago": with_claims(exp=1),
        "not yet": with_claims(nbf=now + 120),
        "issued in the future": with_claims(iat=now + 120, nbf=now + 120),
        "exp as text": with_claims(exp=str(claims["exp"])),
        "exp as a fraction": with_claims(exp=claims["exp"] + 0.5),
        "exp null": with_claims(exp=None),
        "exp true": with_claims(exp=True),
        "exp negative": with_claims(exp=-1),
        "exp beyond 64 bits": sign(
            HEADER, compact(claims | {"exp": 0}).replace(b'"exp":0', b'"exp":99999999999999999999'), secret
        ),
        "other issuer": with_claims(iss="evil"),
        "other audience": with_claims(aud="evil"),
        "audience list": with_claims(aud=["rondo"]),
        "issuer in capitals": with_claims(iss="Rondo"),
        "sub no id": with_claims(sub="1"),
        "sub a number": with_claims(sub=1),
        "sub of nobody": with_claims(sub="0198c0de-0000-7000-8000-000000000001"),
        "session of nobody": with_claims(sid="0198c0de-0000-7000-8000-000000000001"),
        "session no id": with_claims(sid="' or 1=1 --"),
    }
    # One bit of each character of the token, one after the other.
    for at in range(0, len(token), 7):
        if token[at] != ".":
            bad[f"character {at} changed"] = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
    return bad
