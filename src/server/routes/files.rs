use axum::{Router, middleware::map_response, response::Response};
use http::{HeaderValue, header};
use leptos::prelude::LeptosOptions;
use tower_http::services::{ServeDir, ServeFile};

use crate::paths;

/// The files of the site: what has a hash in its name never changes; the rest may be asked for again after a day.
/// All were compressed when the site was built.
pub fn router<S: Clone + Send + Sync + 'static>(options: &LeptosOptions) -> Router<S> {
    let root = std::path::Path::new(&*options.site_root);
    let pkg = ServeDir::new(root.join(&*options.site_pkg_dir)).precompressed_br().precompressed_gzip();
    let file = |path: &str| {
        ServeFile::new(root.join(path.trim_start_matches('/'))).precompressed_br().precompressed_gzip()
    };
    let hashed = Router::new()
        .nest_service(&format!("/{}", options.site_pkg_dir), pkg)
        .layer(map_response(async |response| cached(response, "public, max-age=31536000, immutable")));
    Router::new()
        .route_service(paths::ICON, file(paths::ICON))
        .route_service(paths::ROBOTS, file(paths::ROBOTS))
        .layer(map_response(async |response| cached(response, "public, max-age=86400")))
        .merge(hashed)
}

fn cached(mut response: Response, policy: &'static str) -> Response {
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if response.status().is_success() || response.status() == http::StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(policy));
    }
    response
}
