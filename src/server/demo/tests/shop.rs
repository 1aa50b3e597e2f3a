use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use jiff::ToSpan;
use reqwest::header::{ALLOW, CONTENT_DISPOSITION, CONTENT_TYPE, RETRY_AFTER};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use super::super::seed::today;
use super::{Visitor, data, errors, text};

fn wish() -> Value {
    json!({
        "items": [{"bookId": 5, "quantity": 2}],
        "email": "demo@bookshop.example",
        "shipTo": {
            "name": "Demo", "street": "12 Quiet Lane", "postalCode": "V1 2AB", "city": "Bookham", "country": "GB"
        },
    })
}

#[tokio::test]
async fn the_pages_of_a_list_make_up_the_list() {
    let visitor = Visitor::signed_in().await;
    let mut ids = BTreeSet::new();
    for page in 1..=4 {
        let page = visitor.data(&format!("/books?page={page}&pageSize=7&sort=-year")).await;
        assert_eq!((&page["total"], &page["pages"]), (&json!(24), &json!(4)));
        ids.extend(page["items"].as_array().unwrap().iter().map(|book| book["id"].as_u64().unwrap()));
    }
    assert_eq!(ids, (1..=24).collect());
    assert_eq!(visitor.data("/books?page=9").await["items"], json!([]));
    let wrong = errors(visitor.get("/books?page=0&pageSize=101").await).await;
    assert_eq!(wrong.as_object().unwrap().len(), 2);
    assert_eq!(visitor.status("/books?page=first").await, StatusCode::BAD_REQUEST);
    assert_eq!(visitor.status("/books?sort=colour").await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn books_are_searched_filtered_and_sorted() {
    let visitor = Visitor::signed_in().await;
    let titles = async |query: &str| -> Vec<String> {
        let page = visitor.data(&format!("/books?{query}")).await;
        page["items"].as_array().unwrap().iter().map(|book| text(&book["title"])).collect()
    };
    assert_eq!(titles("q=verne+SEAS").await, ["Twenty Thousand Leagues Under the Seas"]);
    assert_eq!(titles("genre=philosophy&sort=year&inStock=true").await, ["Meditations", "Walden"]);
    assert_eq!(titles("sort=-price&pageSize=1").await, ["The Count of Monte Cristo"]);
}

#[tokio::test]
async fn a_book_has_details_and_a_cover() {
    let visitor = Visitor::signed_in().await;
    let book = visitor.data("/books/5").await;
    assert_eq!((&book["title"], &book["pages"]), (&json!("The Adventures of Sherlock Holmes"), &json!(307)));
    assert!(book["related"].as_array().unwrap().iter().all(|other| other["genre"] == "mystery"));
    for missing in ["/books/99", "/books/99/cover", "/books/five", "/nowhere"] {
        assert_eq!(visitor.status(missing).await, StatusCode::NOT_FOUND, "{missing}");
    }
    let cover = format!("{}{}", visitor.api.base_url(), text(&book["coverUrl"]));
    let cover = visitor.http.get(cover).send().await.unwrap();
    assert_eq!(cover.headers()[CONTENT_TYPE], "image/svg+xml");
    assert!(cover.text().await.unwrap().starts_with("<svg "));
}

#[tokio::test]
async fn an_order_is_placed_found_and_cancelled() {
    let visitor = Visitor::signed_in().await;
    let placed = visitor.post("/orders", wish()).await;
    assert_eq!(placed.status(), StatusCode::CREATED);
    let order = data(placed).await;
    assert_eq!((&order["status"], &order["totalCents"]), (&json!("placed"), &json!(2180)));
    let path = format!("/orders/{}", order["id"]);
    assert_eq!(visitor.data(&path).await, order);
    assert_eq!(visitor.data("/orders").await["items"][0], order);

    let cancel = async || visitor.post(&format!("{path}/cancel"), Value::Null).await;
    assert_eq!(data(cancel().await).await["status"], "cancelled");
    assert_eq!(cancel().await.status(), StatusCode::CONFLICT);
    let shipped = &visitor.data("/orders?status=shipped").await["items"][0]["id"];
    let late = visitor.post(&format!("/orders/{shipped}/cancel"), Value::Null).await;
    assert_eq!(late.status(), StatusCode::CONFLICT);
}

#[tokio::test]
async fn an_order_says_all_that_is_wrong_with_it() {
    let visitor = Visitor::signed_in().await;
    let mut bad = wish();
    bad["items"] =
        json!([{"bookId": 5, "quantity": 0}, {"bookId": 99, "quantity": 1}, {"bookId": 17, "quantity": 1}]);
    bad["email"] = json!("nobody");
    bad["shipTo"]["city"] = json!(" ");
    bad["deliverOn"] = json!("2020-01-01");
    bad["payment"] = json!({"method": "voucher", "code": "short"});
    let found = errors(visitor.post("/orders", bad).await).await;
    let fields: BTreeSet<&str> = found.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "items[0].quantity",
        "items[1].bookId",
        "items[2].bookId",
        "email",
        "shipTo.city",
        "deliverOn",
        "payment.code",
    ];
    assert_eq!(fields, BTreeSet::from(expected));

    let mut typed = wish();
    typed["items"][0]["quantity"] = json!("two");
    let found = errors(visitor.post("/orders", typed).await).await;
    assert!(found["items[0].quantity"].is_string(), "{found}");
    let garbled = visitor.request(Method::POST, "/orders").body("{").send().await.unwrap();
    assert_eq!(garbled.status(), StatusCode::BAD_REQUEST);
    let huge = visitor.request(Method::POST, "/orders").body(" ".repeat(70_000)).send().await.unwrap();
    assert_eq!(huge.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(data(huge).await.is_null());
}

#[tokio::test]
async fn an_idempotency_key_orders_once() {
    let visitor = Visitor::signed_in().await;
    let place = async |key: &str| {
        let request = visitor.request(Method::POST, "/orders").header("Idempotency-Key", key);
        data(request.json(&wish()).send().await.unwrap()).await["id"].take()
    };
    let first = place("one").await;
    assert_eq!(place("one").await, first);
    assert_ne!(place("two").await, first);
    let long = visitor.request(Method::POST, "/orders").header("Idempotency-Key", "k".repeat(65));
    let long = errors(long.json(&wish()).send().await.unwrap()).await;
    assert!(long["Idempotency-Key"].is_string());
}

#[tokio::test]
async fn each_person_has_their_own_orders_of_the_last_months() {
    let mut visitor = Visitor::signed_in().await;
    let all = visitor.data("/orders?pageSize=100").await;
    let yesterday = today().yesterday().unwrap();
    let recent =
        visitor.data(&format!("/orders?pageSize=100&from={}", yesterday.saturating_sub(20.days()))).await;
    let older =
        visitor.data(&format!("/orders?pageSize=100&to={}", yesterday.saturating_sub(21.days()))).await;
    let count = |page: &Value| page["total"].as_u64().unwrap();
    assert!(count(&recent) > 3 && count(&older) > 3);
    assert_eq!(count(&recent) + count(&older), count(&all));

    let path = format!("/orders/{}", all["items"][0]["id"]);
    visitor.sign_in("ada").await;
    assert_eq!(visitor.status(&path).await, StatusCode::NOT_FOUND);
    assert_eq!(visitor.post(&format!("{path}/cancel"), Value::Null).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn orders_are_bounded() {
    let visitor = Visitor::signed_in().await;
    let oldest = visitor.data("/orders?pageSize=1&page=24").await["items"][0]["id"].take();
    for _ in 0..200 {
        assert_eq!(visitor.post("/orders", wish()).await.status(), StatusCode::CREATED);
    }
    assert_eq!(visitor.data("/orders").await["total"], 200);
    assert_eq!(visitor.status(&format!("/orders/{oldest}")).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn sales_are_the_same_every_time_and_end_today() {
    let visitor = Visitor::signed_in().await;
    let sales = visitor.data("/sales/daily").await;
    let days = sales.as_array().unwrap();
    assert_eq!(days.len(), 28);
    assert_eq!(text(&days[27]["date"]), today().to_string());
    assert!(days.iter().all(|day| day["revenueCents"].as_u64() > day["orders"].as_u64()));
    let one = visitor.data(&format!("/sales/daily?from={0}&to={0}", text(&days[3]["date"]))).await;
    assert_eq!(one[0], days[3]);
    let long = errors(visitor.get("/sales/daily?from=2020-01-01&to=2024-01-01").await).await;
    assert!(long["to"].is_string());
    let reversed = errors(visitor.get("/sales/daily?from=2024-01-02&to=2024-01-01").await).await;
    assert!(reversed["from"].is_string());
    assert_eq!(visitor.status("/sales/daily?from=yesterday").await, StatusCode::BAD_REQUEST);
}

async fn upload(visitor: &Visitor, name: &str, content: Vec<u8>) -> Response {
    let file = Part::bytes(content).file_name(name.to_owned()).mime_str("image/png").unwrap();
    let form = Form::new().part("file", file).text("note", "for you");
    visitor.request(Method::POST, "/files").multipart(form).send().await.unwrap()
}

#[tokio::test]
async fn a_file_comes_back_byte_for_byte_and_to_nobody_else() {
    let mut visitor = Visitor::signed_in().await;
    let content: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let info = data(upload(&visitor, "tïtle \"page\".png", content.clone()).await).await;
    assert_eq!((&info["size"], &info["note"]), (&json!(100_000), &json!("for you")));
    assert_eq!(visitor.data("/files").await, json!([info]));

    let path = format!("/files/{}", text(&info["id"]));
    let answer = visitor.get(&path).await;
    assert_eq!(answer.headers()[CONTENT_TYPE], "image/png");
    let disposition = "attachment; filename*=UTF-8''t%C3%AFtle%20%22page%22%2Epng";
    assert_eq!(answer.headers()[CONTENT_DISPOSITION], disposition);
    assert_eq!(answer.bytes().await.unwrap(), content);

    let delete =
        async |visitor: &Visitor| visitor.request(Method::DELETE, &path).send().await.unwrap().status();
    visitor.sign_in("ada").await;
    assert_eq!(visitor.status(&path).await, StatusCode::NOT_FOUND);
    assert_eq!(delete(&visitor).await, StatusCode::NOT_FOUND);
    visitor.sign_in("demo").await;
    assert_eq!(delete(&visitor).await, StatusCode::OK);
    assert_eq!(visitor.status(&path).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn uploads_are_bounded_and_checked() {
    let visitor = Visitor::signed_in().await;
    let too_large = upload(&visitor, "large", vec![0; 6 << 20]).await;
    assert_eq!(too_large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    for _ in 0..4 {
        assert_eq!(upload(&visitor, "four", vec![0; 4 << 20]).await.status(), StatusCode::CREATED);
    }
    assert_eq!(upload(&visitor, "more", vec![0; 1]).await.status(), StatusCode::CONFLICT);

    let empty = visitor.request(Method::POST, "/files").multipart(Form::new().text("note", "only"));
    assert!(errors(empty.send().await.unwrap()).await["file"].is_string());
    assert_eq!(visitor.post("/files", json!({})).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn trouble_is_as_described() {
    let visitor = Visitor::signed_in().await;
    let started = Instant::now();
    assert_eq!(visitor.data("/slow?seconds=1").await["seconds"], 1);
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert!(errors(visitor.get("/slow?seconds=31").await).await["seconds"].is_string());
    assert_eq!(visitor.status("/flaky").await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(visitor.status("/flaky").await, StatusCode::OK);
    assert_eq!(visitor.status("/forbidden").await, StatusCode::FORBIDDEN);
    assert_eq!(visitor.status("/broken").await, StatusCode::INTERNAL_SERVER_ERROR);
    let soft: Value = visitor.get("/soft-401").await.json().await.unwrap();
    assert_eq!(soft["message"], "UnAuthentication");
    let html = visitor.get("/html").await;
    assert!(html.headers()[CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));
    let method = visitor.post("/books", Value::Null).await;
    assert_eq!(method.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert!(method.headers().contains_key(ALLOW));
}

#[tokio::test]
async fn the_sixth_call_has_to_wait_and_other_people_do_not() {
    let mut visitor = Visitor::signed_in().await;
    for left in (0..5).rev() {
        assert_eq!(visitor.data("/limited").await["left"], left);
    }
    let over = visitor.get("/limited").await;
    assert_eq!(over.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = over.headers()[RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert!((1..=10).contains(&wait), "{wait}");
    visitor.sign_in("ada").await;
    assert_eq!(visitor.status("/limited").await, StatusCode::OK);
}

#[tokio::test]
async fn the_port_closes_when_the_api_stops() {
    let visitor = Visitor::signed_in().await;
    let url = format!("{}/openapi.json", visitor.api.base_url());
    assert!(reqwest::get(&url).await.is_ok());
    visitor.api.stop().await;
    assert!(reqwest::get(&url).await.unwrap_err().is_connect());
}
