//! Tests of parameter styles.

use super::*;
use serde_json::json;

fn query(name: &str, style: Style, escape: Escape, value: &Value) -> String {
    joined(&pairs(name, style, escape, value), "&")
}

/// The examples of OpenAPI 3.1 section 4.8.12.2.2; fields come in the order of their names,
/// which not every build of serde_json keeps otherwise.
#[test]
fn style_matches_the_specification() {
    let list = json!(["blue", "black", "brown"]);
    let object = json!({"B": 150, "G": 200, "R": 100});
    for (style, of_text, of_list, of_object) in [
        (
            Style::Matrix { explode: false },
            ";color=blue",
            ";color=blue,black,brown",
            ";color=B,150,G,200,R,100",
        ),
        (
            Style::Matrix { explode: true },
            ";color=blue",
            ";color=blue;color=black;color=brown",
            ";B=150;G=200;R=100",
        ),
        (
            Style::Label { explode: false },
            ".blue",
            ".blue,black,brown",
            ".B,150,G,200,R,100",
        ),
        (
            Style::Label { explode: true },
            ".blue",
            ".blue.black.brown",
            ".B=150.G=200.R=100",
        ),
        (
            Style::Simple { explode: false },
            "blue",
            "blue,black,brown",
            "B,150,G,200,R,100",
        ),
        (
            Style::Simple { explode: true },
            "blue",
            "blue,black,brown",
            "B=150,G=200,R=100",
        ),
    ] {
        let written = |value: &Value| inline("color", style, Escape::AllButUnreserved, value);
        assert_eq!(written(&json!("blue")), of_text, "{style:?}");
        assert_eq!(written(&list), of_list, "{style:?}");
        assert_eq!(written(&object), of_object, "{style:?}");
        assert_eq!(written(&json!([])), "", "{style:?}");
    }
    for (style, of_text, of_list, of_object) in [
        (
            Style::Form { explode: false },
            "color=blue",
            "color=blue,black,brown",
            "color=B,150,G,200,R,100",
        ),
        (
            Style::Form { explode: true },
            "color=blue",
            "color=blue&color=black&color=brown",
            "B=150&G=200&R=100",
        ),
        (
            Style::SpaceDelimited,
            "color=blue",
            "color=blue%20black%20brown",
            "color=B%20150%20G%20200%20R%20100",
        ),
        (
            Style::PipeDelimited,
            "color=blue",
            "color=blue%7Cblack%7Cbrown",
            "color=B%7C150%7CG%7C200%7CR%7C100",
        ),
    ] {
        let written = |value: &Value| query("color", style, Escape::AllButUnreserved, value);
        assert_eq!(written(&json!("blue")), of_text, "{style:?}");
        assert_eq!(written(&list), of_list, "{style:?}");
        assert_eq!(written(&object), of_object, "{style:?}");
        assert_eq!(written(&json!([])), "", "{style:?}");
        assert_eq!(written(&Value::Null), "", "{style:?}");
    }
}

#[test]
fn deep_object_keeps_every_field() {
    let value = json!({
        "name": "a&b", "range": {"from": 1, "to": null}, "sort": [{"by": "age"}], "tags": ["x", "y"], "void": {},
    });
    let written = query("f", Style::DeepObject, Escape::ToDelimiters, &value);
    assert_eq!(
        written,
        "f[name]=a%26b&f[range][from]=1&f[sort][0][by]=age&f[tags]=x&f[tags]=y"
    );
    let written = |escape, value| query("f", Style::DeepObject, escape, &value);
    let (all, some) = (Escape::AllButUnreserved, Escape::ToDelimiters);
    assert_eq!(written(some, json!(["a", "b"])), "f[0]=a&f[1]=b");
    assert_eq!(written(all, json!(true)), "f=true");
    assert_eq!(written(all, json!({"a": 1})), "f%5Ba%5D=1");
}

#[test]
fn value_beyond_the_style_is_json() {
    let value = json!({"a": {"b": 1}, "c": [1, 2]});
    let form = Style::Form { explode: true };
    assert_eq!(
        query("x", form, Escape::Nothing, &value),
        "a={\"b\":1}&c=1&c=2"
    );
    assert_eq!(
        query("x", Style::Json, Escape::AllButUnreserved, &json!("a b")),
        "x=%22a%20b%22"
    );
}

#[test]
fn reserved_expansion_keeps_triples() {
    for (text, in_query, in_path) in [
        (
            "a/b?c=d&e#f [x]",
            "a/b?c%3Dd%26e%23f%20[x]",
            "a/b%3Fc=d&e%23f%20%5Bx%5D",
        ),
        ("%41%2f%zz%4", "%41%2f%25zz%254", "%41%2f%25zz%254"),
        ("100%é+", "100%25%C3%A9%2B", "100%25%C3%A9+"),
        ("", "", ""),
    ] {
        assert_eq!(Escape::ToDelimiters.apply(text), in_query);
        assert_eq!(Escape::ToPathEnd.apply(text), in_path);
    }
}

#[test]
fn delimiter_in_value_is_escaped() {
    let hostile = json!(["a,b", "c&d=e#f+g", "%2c;."]);
    for style in [
        Style::Simple { explode: false },
        Style::Matrix { explode: true },
    ] {
        let written = inline("x", style, Escape::AllButUnreserved, &hostile);
        assert!(
            written.contains("a%2Cb") && written.contains("%252c%3B."),
            "{written}"
        );
    }
    for escape in [Escape::AllButUnreserved, Escape::ToDelimiters] {
        let written = query("x&y", Style::Form { explode: true }, escape, &hostile);
        assert_eq!(written.matches('&').count(), 2, "{written}");
        assert!(!written.contains(['#', '+']), "{written}");
    }
}

#[test]
fn whole_number_has_no_fraction() {
    for (value, expected) in [
        (json!(10.0), "10"),
        (json!(-0.5), "-0.5"),
        (json!(10), "10"),
        (json!("1.0"), "1.0"),
    ] {
        assert_eq!(text(&value), expected);
    }
}
