//! The results for single texts. `tests/markdown.rs` checks them with rustdoc.

use super::{plain, safe};

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(safe(text), *expected, "{text:?}");
    }
}

/// These come out as they go in.
fn check_kept(texts: &[&str]) {
    for text in texts {
        assert_eq!(safe(text), *text);
    }
}

#[test]
fn harmless_markdown_is_kept() {
    check_kept(&[
        "",
        "Plain text, with a full stop.\nAnd a second line; 1 < 2 & 3 > 2.",
        "**bold**, *emphasis*, __bold__, _emphasis_, ~~struck~~, `inline [code] <T> https://x.y`",
        "# Heading\n\nText\\\nafter a break\n\n---\n\n> quote\n> - nested",
        "- a\n  - b\n\n1. c\n2. d\n\n- [ ] open\n- [x] done",
        "| a | b |\n|---|:-:|\n| `x` | **y** |",
        "[site](https://example.com \"title\") <https://example.com> <me@example.com>",
        "[site] and [text][site]\n\n[site]: http://example.com",
        "![logo](https://example.com/logo.png)",
        "```text\nlet x = 1;\n```",
        r"Escaped \[brackets\], \<tags> and \`backticks\`; &lt;entities&gt;",
        "snake_case_name and 2 * 3 * 4",
    ]);
}

#[test]
fn code_blocks_become_text() {
    check(&[
        ("```\nx\n```", "```text\nx\n```"),
        ("``` rust,no_run\nx\n```\nafter", "```text\nx\n```\nafter"),
        ("~~~~ js\n```\n~~~~", "~~~~text\n```\n~~~~"),
        ("```json\n{", "```text\n{\n```"),
        ("```", "```text\n```"),
        (
            "a\n\n    x\n      y\n\n    z\n\nb",
            "a\n\n```text\nx\n  y\n\nz\n```\n\nb",
        ),
        ("a\n\n\tx ```", "a\n\n````text\nx ```\n````"),
        (
            "- a\n\n      x\n      y\n\n  b",
            "- a\n\n  ```text\n  x\n  y\n  ```\n\n  b",
        ),
        ("a\n\n>     x\n>     y", "a\n\n> ```text\n> x\n> y\n> ```"),
        (
            "1. ```js\n   x\n   ```\n2. b",
            "1. ```text\n   x\n   ```\n2. b",
        ),
    ]);
}

#[test]
fn brackets_without_url_become_text() {
    check(&[
        ("[Vec] and [`Vec`]", r"\[Vec\] and \[`Vec`\]"),
        ("[a][] [b][c]", r"\[a\]\[\] \[b\]\[c\]"),
        ("see [the *guide*](guide.md#x \"t\").", "see the *guide*."),
        ("[x](Vec) [](y) ![alt](a.png)", "x  alt"),
        ("[x][y]\n\n[y]: ./z.md", "x\n\n[y]: ./z.md"),
        ("map[string][]int", r"map\[string\]\[\]int"),
        ("note[^1]\n\n[^1]: text", "note\\[^1\\]\n\n\\[^1\\]: text"),
        (
            "[a [b] c](https://example.com)",
            r"[a \[b\] c](https://example.com)",
        ),
    ]);
}

#[test]
fn html_becomes_text() {
    check(&[
        ("Vec<String>", r"Vec\<String>"),
        ("<b>x</b><br/>y", r"\<b>x\</b> y"),
        ("<!-- x -->", r"\<!-- x -->"),
        ("<div>\n[x]\n</div>", "\\<div>\n\\[x\\]\n\\</div>"),
        ("<urn:x>", r"\<urn:x>"),
    ]);
}

#[test]
fn bare_addresses_become_links() {
    check(&[
        ("https://example.com", "<https://example.com>"),
        (
            "(see http://example.com/a_b?c=(d).)",
            "(see <http://example.com/a_b?c=(d)>.)",
        ),
        (
            "**https://example.com**, *https://x.y*",
            "**<https://example.com>**, *<https://x.y>*",
        ),
        ("[https://x.y](https://x.y)", "[https://x.y](https://x.y)"),
        ("https:// http", "https:// http"),
    ]);
}

#[test]
fn lone_backticks_are_escaped() {
    check(&[
        ("a ` b", r"a \` b"),
        ("`a`` b", r"\`a\`\` b"),
        ("``a ` b``", "``a ` b``"),
    ]);
}

#[test]
fn whitespace_and_invisible_characters_are_cleaned() {
    check(&[
        ("a\r\nb\rc\n\n", "a\nb\nc"),
        (
            "    all\n      of it\n\n    indented",
            "all\n  of it\n\nindented",
        ),
        ("a\tb\0\u{1b}\u{202e}c\u{feff}", "a   bc"),
        (" \n\t\n ", ""),
    ]);
}

#[test]
fn asterisk_columns_are_escaped() {
    check(&[
        ("* a\n* b", "- a\n- b"),
        ("a\n\n***\n\nb", "a\n\n___\n\nb"),
        ("**\nx", "\\**\nx"),
    ]);
}

#[test]
fn plain_text_has_no_markup() {
    let text = plain("# [x](y) `z` *a* <b> https://example.com\n    - 1. ~c~");
    assert_eq!(safe(&text), text);
    assert_eq!(plain("  a_b\n\n- c"), "a\\_b\n\n\\- c");
}
