//! What the shop prints: a leaflet for each book, and the notice in its window.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::http::header;
use axum::response::{Html, IntoResponse};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Shop;
use super::answer::{Failure, Refusal};
use super::catalogue::{self, Volume};
use super::extract::Path;

const WINDOW: &str = "<!doctype html>
<html lang=en><title>Our window</title>
<style>body { font: 1.1rem Georgia, serif; margin: 2rem; color: #3d2b1f } h1 { font-weight: normal }</style>
<h1>In our window</h1>
<p>Classics, and tea. Open from nine to six.</p>
</html>
";

pub fn routes() -> OpenApiRouter<Arc<Shop>> {
    OpenApiRouter::new().routes(routes!(leaflet)).routes(routes!(window))
}

/// Print a leaflet
///
/// One page about a book, as a PDF.
#[utoipa::path(
    get, path = "/books/{id}/leaflet", operation_id = "getLeaflet", tag = "Books",
    params(("id" = u32, Path, description = "Number of the book", minimum = 1, example = 5)),
    responses(
        (status = 200, description = "The leaflet", body = Vec<u8>, content_type = "application/pdf"),
        (status = 404, description = "There is no such book", body = Failure),
    )
)]
async fn leaflet(Path(id): Path<u32>) -> Result<impl IntoResponse, Refusal> {
    let volume = catalogue::find(id).ok_or(Refusal::NotFound("book"))?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], pdf(volume)))
}

/// Look at the window
///
/// The notice in the window, as a page.
#[utoipa::path(
    get, path = "/window", operation_id = "getWindow", tag = "Books",
    responses((status = 200, description = "The notice", body = String, content_type = "text/html"))
)]
async fn window() -> Html<&'static str> {
    Html(WINDOW)
}

/// One page of text (PDF 1.4): its objects, and a table of where each begins.
fn pdf(volume: &Volume) -> Vec<u8> {
    let lines = [volume.title, volume.author, volume.summary];
    let text = lines.iter().zip([24, 14, 11]).fold(String::new(), |mut text, (line, size)| {
        let _ = write!(text, "/F1 {size} Tf ({}) Tj 0 -{} Td ", latin(line), size * 2);
        text
    });
    let content = format!("BT 48 520 Td {text}ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>".to_owned(),
    ];
    let (mut file, mut places) = (String::from("%PDF-1.4\n"), String::new());
    for (number, object) in (1..).zip(&objects) {
        let _ = writeln!(places, "{:010} 00000 n ", file.len());
        let _ = writeln!(file, "{number} 0 obj{object}endobj");
    }
    let start = file.len();
    let count = objects.len() + 1;
    let _ = write!(
        file,
        "xref\n0 {count}\n0000000000 65535 f \n{places}trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}

/// The text without what the standard fonts of a PDF do not have, and without what would end it.
fn latin(text: &str) -> String {
    let plain = text.replace(['’', '‘'], "'").replace('ë', "e").replace(['(', ')', '\\'], " ");
    plain.chars().filter(char::is_ascii).collect()
}
