//! Forms with files.

use http::StatusCode;

use super::asking::{in_front_of, multipart, post_from, uploads};

const EMPTY_FILE: &str =
    "--edge\r\nContent-Disposition: form-data; name=\"body/file\"; filename=\"a.png\"\r\n\r\n\r\n";

#[tokio::test]
async fn the_number_of_files_has_a_limit_and_what_was_typed_is_kept() {
    let app = in_front_of(uploads()).await;
    let ada = app.signed_in().await;
    let fields = [("body~as", "form"), ("body/note", "typed below them")];
    let form = |files: usize| {
        let mut form = EMPTY_FILE.repeat(files - 1).into_bytes();
        form.extend(multipart(&fields, ("body/file", "last.png", b"")));
        form
    };
    let page = post_from(&app, &ada, "/operations/upload", form(1000)).await;
    assert_eq!((page.status, app.upstream.seen("/files").len()), (StatusCode::OK, 1), "{}", page.body);
    let page = post_from(&app, &ada, "/operations/upload", form(1001)).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.body.contains("At most 1000 files can be sent at once"), "{}", page.body);
    assert_eq!(app.upstream.seen("/files").len(), 1);
    let back = ada.open("/operations/upload").await.body;
    assert!(back.contains("value=\"typed below them\""), "{back}");
}
