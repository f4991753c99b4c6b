//! Vendor texts as rustdoc: whatever they hold, rustdoc must take them without a warning and find
//! no test in them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::{fmt::Write as _, fs, path::Path, process::Command};

use neo_client_codegen::markdown::safe;
use serde_json::Value;

/// Each of these makes rustdoc fail, or find a test, in one way or another, or has once been
/// handled wrongly.
const NASTY: &[&str] = &[
    // Code blocks.
    "```\nlet x = 1;\n```",
    "```rust\nfn main() { panic!() }\n```",
    "```js\nawait fetch('x')\n```",
    "```compile-fail\nx\n```",
    "```json,no_run,should_panic\n{}\n```",
    "```{.rust}\nx\n```",
    "~~~\nx\n~~~",
    "~~~ rust `a`\nx\n~~~",
    "````\n```\nx\n```\n````",
    "```\nnever closed",
    "Intro:\n```\nnever closed\n",
    "```",
    "~~~~~",
    "```\n~~~\nx\n    ```",
    "```rust\n\n\n",
    "    let indented = 1;\n\n    let two = 2;",
    "Text\n\n    indented\n      more\n\n\n    rest\n\nText",
    "\tlet tab = 1;\n\n- a",
    "text\n\n\tlet tab = 1;",
    "    ```\n    fence in indented\n    ```",
    "    all\n    is indented\n      by four",
    "- item\n\n      code in item\n      more\n\n  text",
    "-     code as item\n      more",
    "1. a\n\n   ```rust\n   x\n   ```\n2. b\n\n       code\n",
    ">     quoted code\n>     more\n>\n>     rest",
    "> ```rust\n> quoted fence\nlazy",
    "> - >     deep code\n",
    "- a\n  - b\n\n        code\n\n    ```rust\n    unclosed",
    "* ```\n  x",
    "[^1]\n\n[^1]: Note\n\n        code in a note",
    "# H\n    code after a heading\n---\n    code after a rule",
    "| a |\n|---|\n| b |\n    code after a table",
    // Links.
    "[foo] and [Vec] and [`Vec`] and [crate::x] and [foo()] and [struct@Foo]",
    "[foo][] [foo][bar] [`a`][b] ![image][none] ![alt]",
    "[text](relative.md) [text](#anchor) [text](/path \"title\") [text](<a b>) [](x) [x]()",
    "[text](Vec) [text](std::vec::Vec) [text](crate) [text](self::x) [a](mailto:a@b) [b](struct@x)",
    "[kept](https://example.com) [kept](http://example.com/a_b_c \"title\") [Kept](HTTPS://EXAMPLE.COM)",
    "[ref] and [text][ref] and [other]\n\n[ref]: https://example.com\n[other]: ./relative.md",
    "[foo]: ./unused.md\n[bar]: Vec\n",
    "[a [b] c](https://example.com) [[double]] [[[triple]]] [x][y][z] \\[escaped] \\\\[not] [\\]",
    "[*emphasis* `code` [in] text](relative)[and more](Vec)",
    "![alt [x] `y`](relative.png) ![a ![b](c) d](e) [![badge](x.svg)](y)",
    "[text\nover lines](rel\n\"title\")",
    "- [ ] task\n- [x] done [y]\n- [z] other",
    "Footnote[^1] and [^none] and[^2].\n\n[^1]: Text of *it*.\n    More.\n[^unused]: x",
    "arr[0], map[string]int, [1,2], [::1], []string, [], [ ], a[i][j], {[x]}",
    "> [!NOTE]\n> text [x]",
    "[Foo]: text that is no definition",
    "&#91;entity&#93; &lt;b&gt; &amp;&nbsp;&copy; &bogus; &",
    // HTML.
    "Vec<String> and Option<Vec<u8>> and HashMap<K, V> and a<b and a < b > c",
    "<b>bold</b> <i>open </u> <br> <br/> <BR /> <img src=x onerror=alert(1)>",
    "<div>\n*x* [y] `z` Vec<T>\n\n```rust\nx\n```\n</div>",
    "<!-- comment\n\n    code\n-->\ntext <!-- inline --> <!-- open",
    "<script>alert('x')</script>\n<style>\n[x]\n</style>",
    "<pre>\n[x]\n    y\n</pre>\n\n    code",
    "<details><summary>JSON</summary>\n\n```json\n{}\n```\n</details>",
    "<?php x ?> <!DOCTYPE html> <![CDATA[x]]> <",
    "<your-id> <YOUR_KEY> <T> </x> <a href='x'>y</a> <1> <é> \\<b> \\\\<b>",
    "<https://example.com> <a@b.c> <urn:x:y> <std::vec> <foo:bar> <https://example.com/a b>",
    "- <div>\n  x\n- <p>\n\n      code",
    "| <b>x | [y] |\n|--|--|\n| `a|b` | <T> https://example.com |",
    // URLs.
    "See https://example.com/a_b_c?x=1&y=[2]#z. Or (https://example.com/x_(y)), \"https://example.com\"!",
    "https://example.com",
    "xhttps://example.com http://localhost:8080/x https:// http:// https httpshttps://a.bc",
    "*https://example.com/a* **https://example.com** _https://example.com/_ ~~https://example.com~~",
    "# https://example.com\n\n- https://example.com\n- `https://example.com` https://{host}.example.com/{id}",
    "[https://example.com](https://example.com) [x](https://example.com/(y))https://example.com/a&amp;b\\_c",
    "https://example.com/*star*/x https://example.com/`code` https://example.com<br>https://example.com|x",
    "[https://example.com](relative)",
    // Backticks, escapes, odd characters.
    "` unbalanced",
    "`a`` b``` c",
    "``code ` tick`` and ` and ``` end",
    "`code [not a link] <T> https://example.com`",
    "\\`not code\\` \\ \\\\ \\\\\\` x \\",
    "line one\r\nline two\rline three\r\n\r\n    code\r\n",
    "nul \0 bell \u{7} esc \u{1b}[0m del \u{7f} nel \u{85} bom \u{feff} zero\u{200b}width",
    "direction \u{202e}txet\u{202c} \u{2066}isolate\u{2069}",
    "emoji 👩‍👩‍👧 é 漢字 [漢字] <漢字> https://例え.jp/パス。",
    "*/ /* // /// //! #![attr] #[doc] \"quoted\" 'x' \\\" r#\"x\"#",
    "$$ {} { } %s %d ${x} $(y) @user #123 -- --- ...",
    "Title\n=====\n\nSub\n---\n\n***\n___\n* * *",
    "***bold* it** _a_ __b__ ~~c~~ ~d~ **open *open _open",
    "1) a\n2) b\n\n+ c\n   + d\n\n- \n-\n",
    "  \n\n   \n",
    "",
    " leading\n  two\n   three",
    "**\n    code\n*x y",
    "Values:\n* a\n*     code\n* ```rust\n* b",
    "***\n*a*\n*b*\n* * *",
    "*",
    "text\n*",
    "Line with two trailing spaces  \nand a backslash\\\nend",
];

/// Texts put together at random from what has a meaning in Markdown; the same ones each time.
fn random_texts(count: usize) -> Vec<String> {
    const PIECES: &[&str] = &[
        "\n",
        "\n",
        "\n\n",
        "\n    ",
        "\n  ",
        "\n\t",
        " ",
        " ",
        "- ",
        "1. ",
        "> ",
        "# ",
        "```",
        "```rust\n",
        "~~~",
        "`",
        "``",
        "[",
        "]",
        "(",
        ")",
        "](",
        "][",
        "[^1]",
        "[^1]: ",
        "![",
        "]: ",
        "<",
        ">",
        "<b>",
        "</",
        "<!--",
        "-->",
        "<?",
        "<div>\n",
        "<https://",
        "https://example.com",
        "http://",
        "a",
        "x y",
        "Vec",
        "*",
        "**",
        "_",
        "~~",
        "\\",
        "|",
        "|--|\n",
        "&lt;",
        "[ ] ",
        "===",
        "---",
        "\"",
        "'",
        "é",
        "!",
        ".",
        "foo:bar",
        "\r\n",
        "<br>",
        "@",
        "mailto:x@y",
    ];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % limit as u64).unwrap()
    };
    (0..count)
        .map(|_| {
            (0..=random(40))
                .map(|_| PIECES[random(PIECES.len())])
                .collect()
        })
        .collect()
}

/// Every description and summary of the vendored document, which a packaged crate does not have
/// beside it.
fn vendored_texts() -> Vec<String> {
    fn collect(value: &Value, into: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                for (name, value) in object {
                    match value {
                        Value::String(text) if name == "description" || name == "summary" => {
                            into.push(text.clone())
                        }
                        other => collect(other, into),
                    }
                }
            }
            Value::Array(array) => array.iter().for_each(|value| collect(value, into)),
            _ => {}
        }
    }
    let mut texts = Vec::new();
    if let Ok(document) = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi.json")) {
        collect(&serde_json::from_slice(&document).unwrap(), &mut texts);
    }
    texts.sort();
    texts.dedup();
    texts
}

/// A crate with these texts as documentation, in the ways in which generated code may write it.
fn crate_with(texts: &[String]) -> String {
    let mut source = "//! Texts.\n".to_owned();
    for (index, text) in texts.iter().enumerate() {
        let text = safe(text);
        writeln!(source, "#[doc = {text:?}]\npub struct Attribute{index};").unwrap();
        for line in text.lines() {
            writeln!(source, "/// {line}").unwrap();
        }
        // Another paragraph, as generated code adds it, must not be drawn into the text.
        writeln!(source, "///\n/// After.\npub struct Comment{index};").unwrap();
        let comment = format!("/**{text}*/");
        if comment.matches("/*").count() == 1 && comment.matches("*/").count() == 1 {
            writeln!(source, "{comment}\npub struct Block{index};").unwrap();
        }
    }
    source
}

fn rustdoc(directory: &Path, arguments: &[&str]) -> String {
    let output = Command::new(std::env::var_os("RUSTDOC").unwrap_or_else(|| "rustdoc".into()))
        .current_dir(directory)
        .args(["--edition=2024", "--crate-name=texts", "texts.rs"])
        .args(arguments)
        .output()
        .expect("rustdoc is part of every Rust toolchain");
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success(),
        "rustdoc {arguments:?}\n{stdout}\n{stderr}"
    );
    stdout.into_owned()
}

#[test]
fn sanitized_text_passes_rustdoc() {
    let mut texts: Vec<String> = NASTY.iter().map(|text| (*text).to_owned()).collect();
    texts.extend(vendored_texts());
    texts.extend(random_texts(300));
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("texts.rs"), crate_with(&texts)).unwrap();
    rustdoc(
        directory.path(),
        &["-Dwarnings", "-Drustdoc::all", "--out-dir=doc"],
    );
    let tests = rustdoc(directory.path(), &["--test", "--test-args=--list"]);
    assert!(tests.contains("0 tests, 0 benchmarks"), "{tests}");

    // The documentation after a text is a paragraph of its own.
    for (index, text) in texts.iter().enumerate() {
        let page = directory
            .path()
            .join(format!("doc/texts/struct.Comment{index}.html"));
        let page = fs::read_to_string(page).unwrap();
        assert!(
            page.contains("<p>After.</p>"),
            "{text:?} -> {:?}",
            safe(text)
        );
    }
}

#[test]
fn unsanitized_text_fails_rustdoc() {
    let directory = tempfile::tempdir().unwrap();
    let mut source = "//! Texts.\n".to_owned();
    for (index, text) in NASTY.iter().enumerate() {
        writeln!(source, "#[doc = {text:?}]\npub struct Raw{index};").unwrap();
    }
    fs::write(directory.path().join("texts.rs"), source).unwrap();
    let tests = rustdoc(directory.path(), &["--test", "--test-args=--list"]);
    assert!(!tests.contains("0 tests"), "{tests}");
}

#[test]
fn sanitizing_twice_changes_nothing() {
    for text in random_texts(3_000).iter().chain(&vendored_texts()) {
        let once = safe(text);
        assert_eq!(safe(&once), once, "{text:?}");
    }
}

#[test]
fn sanitizing_long_text_terminates() {
    for piece in [
        "[", "]", "`", "``` ", "<", "> ", "*a ", "![", "](", "\\", "- ", "&", "https://",
        "<div>\n", "    x\n", "a. ", "[a](b",
    ] {
        let once = safe(&piece.repeat(20_000 / piece.len()));
        assert_eq!(safe(&once), once, "{piece:?}");
    }
}
