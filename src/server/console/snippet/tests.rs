use std::process::Command;

use serde_json::{Value, json};

use super::*;

/// What ends literals, commands and lines in one language or another.
const HOSTILE: &str =
    "it's \"5\" $HOME `id` $(id) \\ \\\\ !x %s ${x} {y} <b>&amp; #c\nnew\tline \u{2028}ü🙂 \u{7f}'''";

fn request(content: Content) -> Request {
    Request {
        method: "POST".to_owned(),
        url: "https://api.example/v1/x?q=it%27s&r=[1]".to_owned(),
        headers: vec![
            ("X-Odd".to_owned(), "it's \"5\" $HOME `id` \\ !x".to_owned()),
            ("Authorization".to_owned(), "Bearer $TOKEN".to_owned()),
        ],
        content,
    }
}

fn form() -> Content {
    let text = |name: &str, value: &str, media_type: Option<&str>| FormField {
        name: name.to_owned(),
        media_type: media_type.map(str::to_owned),
        value: FieldValue::Text(value.to_owned()),
    };
    let file = FormField {
        name: "file".to_owned(),
        media_type: Some("text/plain".to_owned()),
        value: FieldValue::File("/dev/null".to_owned()),
    };
    Content::Form(vec![
        text("note", HOSTILE, None),
        text("meta", "{\"a\": 1}", Some("application/json")),
        file,
    ])
}

/// Runs a program with a text, and gives what it writes. `None` where there is no such program.
fn run(program: &str, arguments: &[&str], script: &str) -> Option<String> {
    let output = Command::new(program).args(arguments).arg(script).env("TOKEN", "t0k").output().ok()?;
    assert!(output.status.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// What a command of the shell is called with.
fn arguments(snippet: &str, command: &str) -> Option<Vec<String>> {
    let script = format!("{command}() {{ printf '%s\\0' \"$@\"; }}\n{snippet}");
    let written = run("bash", &["-c"], &script)?;
    Some(written.trim_end_matches('\0').split('\0').map(str::to_owned).collect())
}

#[test]
fn a_shell_reads_what_was_meant() {
    let Some(curl) = arguments(&curl::write(&request(Content::Text(HOSTILE.to_owned()))), "curl") else {
        return;
    };
    let expected = [
        "--request",
        "POST",
        "--globoff",
        "https://api.example/v1/x?q=it%27s&r=[1]",
        "--header",
        "X-Odd: it's \"5\" $HOME `id` \\ !x",
        "--header",
        "Authorization: Bearer t0k",
        "--data-raw",
        HOSTILE,
    ];
    assert_eq!(curl, expected);
    let httpie = arguments(&httpie::write(&request(Content::Text(HOSTILE.to_owned()))), "http").unwrap();
    assert_eq!(httpie.last().unwrap(), &format!("--raw={HOSTILE}"));
    assert_eq!(httpie[4], "Authorization:Bearer t0k");
    let form = arguments(&curl::write(&request(form())), "curl").unwrap();
    let quoted = HOSTILE.replace('\\', "\\\\").replace('"', "\\\"");
    assert_eq!(form[9], format!("note=\"{quoted}\""));
    assert_eq!(form[13], "file=@\"/dev/null\";type=text/plain");
}

#[test]
fn what_a_language_cannot_say_of_a_part_is_told() {
    let plain = || {
        let value = FieldValue::Text("a".to_owned());
        Content::Form(vec![FormField { name: "note".to_owned(), media_type: None, value }])
    };
    let (told, untold) = (httpie::write(&request(form())), httpie::write(&request(plain())));
    assert!(told.starts_with("# HTTPie sends a media type with files only") && !untold.contains('#'));
    if let Some(arguments) = arguments(&told, "http") {
        assert_eq!(&arguments[..2], ["--ignore-stdin", "--multipart"]);
        assert_eq!(arguments[7], "meta={\"a\": 1}");
    }
    let (told, untold) = (javascript::write(&request(form())), javascript::write(&request(plain())));
    assert!(told.contains("// FormData gives a file name to every part that has a media type.\nconst form"));
    assert!(!untold.contains("// FormData") && untold.contains("form.append(\"note\", \"a\");"));
}

#[test]
fn node_reads_what_was_meant() {
    let stub = "globalThis.fetch = async (url, { method, headers, body }) => {\n\
                const form = body instanceof FormData ? await Promise.all([...body].map(async ([n, v]) => [n, v.type ?? null, v.text ? await v.text() : v])) : body;\n\
                process.stdout.write(JSON.stringify({ url, method, headers, body: form }));\n\
                return { status: 200, text: async () => '' };\n};\nconsole.log = () => {};\n";
    let sent = |content| {
        let script = format!("{}\n{stub}\n{}", "", javascript::write(&request(content)));
        let written = run("node", &["--input-type=module", "--eval"], &script)?;
        Some(serde_json::from_str::<Value>(&written).unwrap())
    };
    let Some(text) = sent(Content::Text(HOSTILE.to_owned())) else { return };
    assert_eq!(text["body"], HOSTILE);
    assert_eq!(text["headers"]["X-Odd"], "it's \"5\" $HOME `id` \\ !x");
    let body = json!([
        ["note", null, HOSTILE],
        ["meta", "application/json", "{\"a\": 1}"],
        ["file", "text/plain", ""]
    ]);
    assert_eq!(sent(form()).unwrap()["body"], body);
}

#[test]
fn python_reads_what_was_meant() {
    let stub = "import sys, json, types\n\
                def request(method, url, headers, data=None, files=None):\n\
                \x20   files = files and [[n, v[1] if isinstance(v[1], str) else v[1].name] + list(v[2:]) for n, v in files]\n\
                \x20   sys.stdout.write(json.dumps([method, url, headers, data and data.decode(), files]))\n\
                \x20   sys.stdout = open('/dev/null', 'w')\n\
                \x20   return types.SimpleNamespace(status_code=200, text='')\n\
                sys.modules['requests'] = types.SimpleNamespace(request=request)\n";
    let sent = |content| {
        let written = run("python3", &["-c"], &format!("{stub}{}", python::write(&request(content))))?;
        Some(serde_json::from_str::<Value>(&written).unwrap())
    };
    let Some(text) = sent(Content::Text(HOSTILE.to_owned())) else { return };
    assert_eq!((&text[0], &text[3]), (&json!("POST"), &json!(HOSTILE)));
    assert_eq!(text[2]["Authorization"], "Bearer $TOKEN");
    let files = json!([
        ["note", HOSTILE],
        ["meta", "{\"a\": 1}", "application/json"],
        ["file", "/dev/null", "text/plain"]
    ]);
    assert_eq!(sent(form()).unwrap()[4], files);
}

#[test]
fn rust_reads_what_was_meant() {
    let directory = tempfile::tempdir().unwrap();
    let (source, program) = (directory.path().join("main.rs"), directory.path().join("main"));
    std::fs::write(&source, format!("fn main() {{ print!(\"{{}}\", {}) }}", quote::rust(HOSTILE))).unwrap();
    let Ok(built) = Command::new("rustc").arg(&source).arg("-o").arg(&program).output() else { return };
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    assert_eq!(Command::new(program).output().unwrap().stdout, HOSTILE.as_bytes());
    let whole = rust::write(&request(form()));
    assert!(
        whole.contains(&format!(".part(\"note\", reqwest::multipart::Part::text({}))", quote::rust(HOSTILE)))
    );
}
