//! An OpenID provider that does as it is told, the worst included.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use openidconnect::{
    PrivateSigningKey,
    core::{CoreEdDsaPrivateSigningKey, CoreHmacKey, CoreJwsSigningAlgorithm},
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use url::{Url, form_urlencoded};

use super::upstream::Upstream;
use crate::server::session::timestamp::Timestamp;

pub const CLIENT: &str = "vestibule";
pub const SECRET: &str = "a secret of the client";
pub const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    Rightly,
    /// `alg: none`, without a signature.
    Not,
    /// With a key that the provider does not publish, under the published one's name.
    ByAnother,
    /// With HMAC, the published key for a secret.
    WithThePublicKey,
    /// With HMAC and the client's own secret.
    WithTheClientSecret,
    /// The right signature of other claims.
    Elsewhere,
}

/// What is to be different about the next tokens. A claim that is null is left out.
#[derive(Clone)]
pub struct Bend {
    pub header: Value,
    pub claims: Value,
    pub signed: Signed,
}

impl Default for Bend {
    fn default() -> Self {
        Self { header: json!({}), claims: json!({}), signed: Signed::Rightly }
    }
}

impl Bend {
    pub fn header(header: Value) -> Self {
        Self { header, ..Self::default() }
    }

    pub fn claims(claims: Value) -> Self {
        Self { claims, ..Self::default() }
    }

    pub fn signed(signed: Signed) -> Self {
        Self { signed, ..Self::default() }
    }
}

/// What no token that a provider has signed may be, whatever it is for.
pub fn bad_tokens() -> Vec<(&'static str, Bend)> {
    vec![
        ("unsigned", Bend::signed(Signed::Not)),
        ("signed by somebody else", Bend::signed(Signed::ByAnother)),
        ("signed with HMAC and the public key", Bend::signed(Signed::WithThePublicKey)),
        ("signed with HMAC and the client's secret", Bend::signed(Signed::WithTheClientSecret)),
        ("with the signature of another", Bend::signed(Signed::Elsewhere)),
        ("of another algorithm than its key", Bend::header(json!({"alg": "RS256"}))),
        ("of a key that nobody knows", Bend::header(json!({"kid": "unknown"}))),
        ("with a critical header", Bend::header(json!({"crit": ["exp"]}))),
        ("of another type", Bend::header(json!({"typ": "at+jwt"}))),
        ("of another issuer", Bend::claims(json!({"iss": "https://evil.example"}))),
        ("of nobody", Bend::claims(json!({"iss": null}))),
        ("for another client", Bend::claims(json!({"aud": "another"}))),
        ("for nobody", Bend::claims(json!({"aud": null}))),
        ("for us and a stranger", Bend::claims(json!({"aud": [CLIENT, "stranger"], "azp": CLIENT}))),
        ("expired", Bend::claims(json!({"exp": now() - 310}))),
        ("without an end", Bend::claims(json!({"exp": null}))),
        ("with an end that is a text", Bend::claims(json!({"exp": "9999999999"}))),
        ("with an end beyond all time", Bend::claims(json!({"exp": 1e300}))),
        ("of the future", Bend::claims(json!({"iat": now() + 3600, "exp": now() + 7200}))),
        ("without a time", Bend::claims(json!({"iat": null}))),
        ("not yet good", Bend::claims(json!({"nbf": now() + 3600}))),
    ]
}

/// An endpoint's answer instead of the usual one.
#[derive(Clone)]
pub enum Instead {
    Answer(u16, Value),
    /// Elsewhere, by redirect.
    Redirect(String),
    /// A document of that many bytes.
    Huge(usize),
    Late(Duration),
}

struct Inner {
    seed: u8,
    bend: Bend,
    metadata: Map<String, Value>,
    instead: HashMap<String, Instead>,
    seen: Vec<(String, HeaderMap, HashMap<String, String>)>,
    codes: HashMap<String, HashMap<String, String>>,
    refresh_tokens: Vec<String>,
    issued: u32,
    lifetime: u64,
    subject: String,
    with_id_token: bool,
}

#[derive(Clone)]
pub struct Issuer {
    pub url: String,
    upstream: Arc<OnceLock<Upstream>>,
    inner: Arc<Mutex<Inner>>,
}

impl Issuer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inner = Inner {
            seed: 1,
            bend: Bend::default(),
            metadata: Map::new(),
            instead: HashMap::new(),
            seen: Vec::new(),
            codes: HashMap::new(),
            refresh_tokens: Vec::new(),
            issued: 0,
            lifetime: 300,
            subject: "ada-1".into(),
            with_id_token: true,
        };
        let issuer = Self { url, upstream: Arc::default(), inner: Arc::new(Mutex::new(inner)) };
        let router = Router::new().fallback(answer).with_state(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        issuer
    }

    /// From now on its access tokens are good at `upstream`.
    pub fn serve(&self, upstream: &Upstream) {
        let _ = self.upstream.set(upstream.clone());
    }

    pub fn bend(&self, bend: Bend) {
        self.inner.lock().unwrap().bend = bend;
    }

    /// Changes the metadata; null leaves a member out.
    pub fn announce(&self, member: &str, value: Value) {
        self.inner.lock().unwrap().metadata.insert(member.into(), value);
    }

    pub fn instead(&self, path: &str, instead: Option<Instead>) {
        let mut inner = self.inner.lock().unwrap();
        match instead {
            Some(instead) => inner.instead.insert(path.into(), instead),
            None => inner.instead.remove(path),
        };
    }

    /// New keys; the old ones are no longer published.
    pub fn rotate_keys(&self) {
        self.inner.lock().unwrap().seed += 1;
    }

    pub fn set_lifetime(&self, seconds: u64) {
        self.inner.lock().unwrap().lifetime = seconds;
    }

    pub fn leave_out_id_tokens(&self) {
        self.inner.lock().unwrap().with_id_token = false;
    }

    /// Forgets every refresh token.
    pub fn expire_refresh_tokens(&self) {
        self.inner.lock().unwrap().refresh_tokens.clear();
    }

    /// The forms or queries that came to a path.
    pub fn seen(&self, path: &str) -> Vec<HashMap<String, String>> {
        let inner = self.inner.lock().unwrap();
        inner.seen.iter().filter(|(seen, ..)| seen == path).map(|(.., form)| form.clone()).collect()
    }

    /// What the provider's own pages do: the person agrees, and the browser is sent back. Answers path and query.
    pub fn agree(&self, location: &str) -> String {
        let url = Url::parse(location).unwrap();
        assert!(location.starts_with(&format!("{}/authorize?", self.url)), "{location}");
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        let mut inner = self.inner.lock().unwrap();
        inner.issued += 1;
        let code = format!("code-{}", inner.issued);
        let back = Url::parse(&query["redirect_uri"]).unwrap();
        let answer = form_urlencoded::Serializer::new(String::new())
            .append_pair("code", &code)
            .append_pair("state", &query["state"])
            .append_pair("iss", &self.url)
            .finish();
        inner.codes.insert(code, query);
        format!("{}?{answer}", back.path())
    }

    /// A logout token as it should be, but for what `bend` says.
    pub fn logout_token(&self, bend: &Bend) -> String {
        let mut inner = self.inner.lock().unwrap();
        inner.issued += 1;
        let mut claims = json!({
            "iss": self.url, "aud": CLIENT, "iat": now(), "exp": now() + 120, "jti": format!("jti-{}", inner.issued),
            "sub": inner.subject, "sid": "sid-1", "events": {LOGOUT_EVENT: {}},
        });
        overlay(&mut claims, &bend.claims);
        let mut header = json!({"alg": "EdDSA", "kid": kid(inner.seed), "typ": "logout+jwt"});
        overlay(&mut header, &bend.header);
        sign(&header, &claims, bend.signed, inner.seed)
    }

    /// An ID token as it should be, but for what [`Issuer::bend`] says.
    pub fn id_token(&self, nonce: &str, access: &str) -> String {
        let inner = self.inner.lock().unwrap();
        let mut claims = json!({
            "iss": self.url, "aud": CLIENT, "sub": inner.subject, "iat": now(), "exp": now() + 300, "nonce": nonce,
            "name": "Ada Lovelace", "preferred_username": "ada", "sid": "sid-1", "at_hash": at_hash(access),
        });
        overlay(&mut claims, &inner.bend.claims);
        let mut header = json!({"alg": "EdDSA", "kid": kid(inner.seed)});
        overlay(&mut header, &inner.bend.header);
        sign(&header, &claims, inner.bend.signed, inner.seed)
    }

    fn token(&self, headers: &HeaderMap, form: &HashMap<String, String>) -> Response {
        let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{}", SECRET.replace(' ', "+"))));
        if headers.get(header::AUTHORIZATION).is_none_or(|value| value != basic.as_str()) {
            return json_answer(401, &json!({"error": "invalid_client"}));
        }
        let nonce = match form["grant_type"].as_str() {
            "authorization_code" => self.redeem(form),
            _ => self.redeem_refresh(&form["refresh_token"]),
        };
        match nonce {
            Some(nonce) => self.issue(&nonce),
            None => json_answer(400, &json!({"error": "invalid_grant"})),
        }
    }

    /// A code works once, for the redirect address and the PKCE challenge that it was asked with.
    fn redeem(&self, form: &HashMap<String, String>) -> Option<String> {
        let asked = self.inner.lock().unwrap().codes.remove(&form["code"])?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
        let fits = asked["code_challenge_method"] == "S256"
            && asked["code_challenge"] == challenge
            && asked["redirect_uri"] == form["redirect_uri"];
        fits.then(|| asked["nonce"].clone())
    }

    fn redeem_refresh(&self, token: &str) -> Option<String> {
        let mut inner = self.inner.lock().unwrap();
        let position = inner.refresh_tokens.iter().position(|known| known == token)?;
        inner.refresh_tokens.remove(position);
        Some(String::new())
    }

    fn issue(&self, nonce: &str) -> Response {
        let (number, lifetime, with_id_token) = {
            let mut inner = self.inner.lock().unwrap();
            inner.issued += 1;
            let number = inner.issued;
            inner.refresh_tokens.push(format!("provider-refresh-{number}"));
            (number, inner.lifetime, inner.with_id_token)
        };
        let access = format!("provider-access-{number}");
        self.upstream.get().unwrap().accept(&access);
        let id_token = with_id_token.then(|| self.id_token(nonce, &access));
        let mut answer = json!({
            "access_token": access, "token_type": "Bearer", "expires_in": lifetime,
            "refresh_token": format!("provider-refresh-{number}"),
        });
        overlay(&mut answer, &json!({"id_token": id_token}));
        json_answer(200, &answer)
    }

    fn metadata(&self) -> Value {
        let url = &self.url;
        let mut metadata = json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/authorize"),
            "token_endpoint": format!("{url}/token"),
            "jwks_uri": format!("{url}/keys"),
            "userinfo_endpoint": format!("{url}/userinfo"),
            "revocation_endpoint": format!("{url}/revoke"),
            "end_session_endpoint": format!("{url}/end-session"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA", "RS256", "HS256", "none"],
            "authorization_response_iss_parameter_supported": true,
        });
        overlay(&mut metadata, &Value::from(self.inner.lock().unwrap().metadata.clone()));
        metadata
    }

    fn keys(&self) -> Value {
        let seed = self.inner.lock().unwrap().seed;
        json!({"keys": [{
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid(seed),
            "x": URL_SAFE_NO_PAD.encode(public(seed)),
        }]})
    }
}

async fn answer(State(issuer): State<Issuer>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let path = parts.uri.path().to_owned();
    let form: HashMap<_, _> = form_urlencoded::parse(&body).into_owned().collect();
    let instead = {
        let mut inner = issuer.inner.lock().unwrap();
        inner.seen.push((path.clone(), parts.headers.clone(), form.clone()));
        inner.instead.get(&path).cloned()
    };
    match instead {
        Some(Instead::Answer(status, body)) => return json_answer(status, &body),
        Some(Instead::Redirect(to)) => {
            return (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response();
        }
        Some(Instead::Huge(size)) => return json_answer(200, &json!({"filler": "x".repeat(size)})),
        Some(Instead::Late(delay)) => tokio::time::sleep(delay).await,
        None => {}
    }
    match path.as_str() {
        "/.well-known/openid-configuration" => json_answer(200, &issuer.metadata()),
        "/keys" => json_answer(200, &issuer.keys()),
        "/token" => issuer.token(&parts.headers, &form),
        "/userinfo" => json_answer(200, &user_info()),
        "/revoke" => StatusCode::OK.into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// With what real providers tell besides, numbers and texts where others have dates and booleans.
fn user_info() -> Value {
    json!({
        "sub": "ada-1", "name": "Ada of the UserInfo", "email": "ada@example.org", "email_verified": "true",
        "updated_at": now() - 9, "address": {"country": "GB", "since": 1843}, "birthdate": "1815-12-10",
        "exp": now() + 300, "groups": ["a"], "level": 3, "nested": {"number": 1.5},
    })
}

fn json_answer(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

fn overlay(value: &mut Value, changes: &Value) {
    let value = value.as_object_mut().unwrap();
    for (name, change) in changes.as_object().unwrap() {
        match change {
            Value::Null => value.remove(name),
            change => value.insert(name.clone(), change.clone()),
        };
    }
}

pub fn now() -> u64 {
    Timestamp::now().as_millis() / 1000
}

fn kid(seed: u8) -> String {
    format!("key-{seed}")
}

fn at_hash(access: &str) -> String {
    // Ed25519 goes with SHA-512: the left half of it.
    URL_SAFE_NO_PAD.encode(&sha2::Sha512::digest(access)[..32])
}

fn key(seed: u8) -> CoreEdDsaPrivateSigningKey {
    // PKCS #8 of an Ed25519 key: a fixed head, and 32 bytes.
    let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let der = [head.as_slice(), &[seed; 32]].concat();
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der));
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, None).unwrap()
}

fn public(seed: u8) -> Vec<u8> {
    let jwk = serde_json::to_value(key(seed).as_verification_key()).unwrap();
    URL_SAFE_NO_PAD.decode(jwk["x"].as_str().unwrap()).unwrap()
}

fn sign(header: &Value, claims: &Value, signed: Signed, seed: u8) -> String {
    let mut header = header.clone();
    match signed {
        Signed::Not => header["alg"] = "none".into(),
        Signed::WithThePublicKey | Signed::WithTheClientSecret => header["alg"] = "HS256".into(),
        Signed::Rightly | Signed::ByAnother | Signed::Elsewhere => {}
    }
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(&header), part(claims));
    let eddsa = |seed: u8, message: &str| {
        key(seed).sign(&CoreJwsSigningAlgorithm::EdDsa, message.as_bytes()).unwrap()
    };
    let hmac = |secret: Vec<u8>| {
        CoreHmacKey::new(secret).sign(&CoreJwsSigningAlgorithm::HmacSha256, message.as_bytes()).unwrap()
    };
    let signature = match signed {
        Signed::Rightly => eddsa(seed, &message),
        Signed::Not => Vec::new(),
        Signed::ByAnother => eddsa(200, &message),
        Signed::WithThePublicKey => hmac(public(seed)),
        Signed::WithTheClientSecret => hmac(SECRET.into()),
        Signed::Elsewhere => eddsa(seed, "something.else"),
    };
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}
