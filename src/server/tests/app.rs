//! An application of its own for each test, and browsers to visit it.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use reqwest::{Client, Method, RequestBuilder, Response};

use super::upstream::Upstream;
use crate::server::{Application, cli::Loaded, config::Settings, state::AppState};

/// A running application in front of an upstream that does as it is told.
pub struct App {
    pub url: String,
    pub state: AppState,
    pub upstream: Upstream,
    http: Client,
    _site: tempfile::TempDir,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl App {
    /// With the settings as they come.
    pub async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    /// With some settings changed.
    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let app = Self::start_unread(change).await;
        app.document_read().await;
        app
    }

    /// With some settings changed, whether or not a document is read without a person.
    pub async fn start_unread(change: impl FnOnce(&mut Settings)) -> Self {
        let upstream = Upstream::start().await;
        let mut settings = Settings::default();
        settings.upstream.base_url = Some(upstream.url.parse().unwrap());
        settings.upstream.timeout = Duration::from_secs(2);
        settings.session.store = crate::server::config::StoreLocation::Memory;
        change(&mut settings);
        let site = site();
        let file = site.path().join("Leptos.toml");
        let application = Application::build(Loaded { file, settings }).await.unwrap();
        let (url, state) = (format!("http://{}", application.address()), application.apis().default.clone());
        tokio::spawn(application.run_until_stopped());
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { url, state, upstream, http, _site: site }
    }

    /// Waits until the OpenAPI document is there.
    async fn document_read(&self) {
        for _ in 0..200 {
            let current = self.state.document().get();
            if current.document.is_some() || current.problem.is_some() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the document is never read");
    }

    /// A browser that nobody has signed in with.
    pub fn browser(&self) -> Browser<'_> {
        Browser { app: self, cookie: None }
    }

    /// A browser in which somebody has signed in.
    pub async fn signed_in(&self) -> Browser<'_> {
        let mut browser = self.browser();
        let answer = browser.sign_in("ada", "right", "/").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
        browser
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }
}

/// The site's files, as far as a page needs them to be there.
fn site() -> tempfile::TempDir {
    let site = tempfile::tempdir().unwrap();
    let root = site.path().join("site");
    std::fs::create_dir_all(root.join("pkg")).unwrap();
    for kind in ["css", "js", "wasm"] {
        std::fs::write(root.join("pkg/vestibule").with_extension(kind), "").unwrap();
    }
    let options = format!(
        "[package.metadata.leptos]\noutput-name = \"vestibule\"\nsite-root = \"{}\"\nsite-pkg-dir = \"pkg\"\n\
         site-addr = \"127.0.0.1:0\"\nreload-port = 3001\n",
        root.display()
    );
    std::fs::write(site.path().join("Leptos.toml"), options).unwrap();
    site
}

/// What a person's browser sends, and the one cookie that it keeps.
#[derive(Clone)]
pub struct Browser<'a> {
    app: &'a App,
    pub cookie: Option<String>,
}

impl Browser<'_> {
    /// Opens a page as a document.
    pub async fn open(&self, path: &str) -> Answer {
        self.send(self.document(Method::GET, path)).await
    }

    /// Opens a page, and keeps the cookies that come with the answer.
    pub async fn visit(&mut self, path: &str) -> Answer {
        let answer = self.open(path).await;
        self.keep(&answer);
        answer
    }

    /// Posts a form as a document, from a page of ours.
    pub async fn submit(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.document(Method::POST, path).header(header::ORIGIN, &self.app.url);
        let request = request.header("sec-fetch-site", "same-origin");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        let answer = self.send(request).await;
        self.keep(&answer);
        answer
    }

    pub async fn sign_in(&mut self, username: &str, password: &str, next: &str) -> Answer {
        self.submit("/login", &[("username", username), ("password", password), ("next", next)]).await
    }

    /// Calls a server function, as a page's script does.
    pub async fn call(&self, function: &str, form: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.script(Method::POST, &format!("/api/{function}"));
        self.send(request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)).await
    }

    /// What a script of ours sends.
    pub fn script(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.app.request(method, path).header("sec-fetch-mode", "cors");
        self.with_cookie(
            request.header("sec-fetch-site", "same-origin").header(header::ACCEPT, "application/json"),
        )
    }

    fn document(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.app.request(method, path).header("sec-fetch-mode", "navigate");
        self.with_cookie(request.header(header::ACCEPT, "text/html,*/*;q=0.8"))
    }

    fn with_cookie(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, format!("vestibule={cookie}")),
            None => request,
        }
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        Answer::read(request.send().await.unwrap()).await
    }

    fn keep(&mut self, answer: &Answer) {
        for cookie in answer.cookies("vestibule") {
            self.cookie = (!cookie.is_empty()).then_some(cookie);
        }
    }
}

impl Answer {
    async fn read(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, body: response.text().await.unwrap() }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// The values that a cookie is set to; an empty one takes it away.
    pub fn cookies(&self, name: &str) -> Vec<String> {
        let lines = self.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap());
        let values = lines.filter_map(|line| line.strip_prefix(name)?.strip_prefix('=')?.split(';').next());
        values.map(str::to_owned).collect()
    }

    /// The whole answer to a document whose session has just ended.
    #[track_caller]
    pub fn assert_sent_to_logout(&self, next: &str) {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{self:?}");
        assert_eq!(self.location(), format!("/api/logout?reason=expired&next={next}"));
        assert_eq!(self.body, "");
        assert_eq!(self.header("cache-control"), "no-store");
    }

    /// The whole answer to a script whose session has just ended.
    #[track_caller]
    pub fn assert_unauthorized(&self) {
        assert_eq!(self.status, StatusCode::UNAUTHORIZED, "{self:?}");
        assert_eq!(self.header("www-authenticate"), "Session");
        assert_eq!(self.header("content-type"), "application/json");
        assert_eq!(self.body, "\"Unauthorized\"");
    }
}
