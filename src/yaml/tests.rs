use std::fmt::Write;

use super::*;

fn document(text: &str) -> Document {
    parse(text).expect(text)
}

fn root(document: &Document) -> Node<'_> {
    document.root().expect("content")
}

fn flaw(text: &str) -> (usize, usize, FlawKind) {
    let flaw = parse(text).expect_err(text);
    (flaw.line, flaw.column, flaw.kind)
}

#[test]
fn nodes_know_where_they_are() {
    let document = document("# é\na:\n  - &x é\n  - {b: *x}  # c\nc: |\n  text\n\n");
    let place = |node: Node<'_>| {
        let data = node.data();
        (data.start..data.end, node.line(), node.column())
    };
    let root = root(&document);
    assert_eq!(root.line(), 2);
    let items: Vec<_> = root.get("a").expect("a").items().collect();
    assert_eq!(place(items[0]), (15..17, 3, 8));
    assert_eq!(place(items[1]), (22..29, 4, 5));
    let alias = items[1].get("b").expect("b");
    assert_eq!(place(alias), (26..28, 4, 9));
    assert_eq!(alias.text(), Some("é"));
    assert_eq!(alias.resolved().line(), 3);
    let (key, value) = root.entry("c").expect("c");
    assert_eq!((key.line(), value.text()), (5, Some("text\n")));
    assert!(items[0].is_shared() && !items[1].is_shared());
}

#[test]
fn a_flaw_has_its_place() {
    for (text, line, column, kind) in [
        ("a: 1\n---\nb: 2\n", 2, 1, FlawKind::SecondDocument),
        ("a: 1\nb: 2\n\"a\": 3\n", 3, 1, FlawKind::Twice("a".into())),
        ("- {{ a }}\n", 1, 4, FlawKind::Unhashable),
        ("- &a\n  - *a\n", 2, 5, FlawKind::Recursive),
    ] {
        assert_eq!(flaw(text), (line, column, kind), "{text}");
    }
    let (line, _, kind) = flaw("a: [1,\n b: c: d\n");
    assert!(line > 1 && matches!(kind, FlawKind::Syntax(_)), "{kind}");
    assert!(parse("<<: {a: 1}\n<<: {b: 1}\n").is_ok());
}

#[test]
fn nesting_ends_somewhere() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&nested(DEEPEST)).is_ok());
    assert_eq!(flaw(&nested(DEEPEST + 1)).2, FlawKind::Deep);
    assert_eq!(flaw(&"- ".repeat(DEEPEST + 1)).2, FlawKind::Deep);
    assert_eq!(flaw(&nested(500_000)).2, FlawKind::Deep);
}

#[test]
fn a_file_may_be_empty() {
    for text in ["", "# only\n", "---\n", "~"] {
        let document = document(text);
        assert!(document.root().is_none_or(Node::is_null), "{text}");
    }
}

#[test]
fn merge_keys_are_read_as_pyyaml_does() {
    // what PyYAML 6 makes of the last: {a: 1, b: 2, c: 5, d: 6}
    let document = document(
        "- &x {a: 0, b: 2, c: 3}\n- &y {b: 4, c: 4}\n- &z {<<: *x, c: 5, d: 6}\n\
         - {<<: [*y, *x], <<: *z, a: 1}\n",
    );
    let last = root(&document).items().next_back().expect("items");
    let mut meant: Vec<_> = last.merged_pairs().map(|(k, v)| (k, v.text())).collect();
    meant.sort_unstable();
    let expected = [("a", "1"), ("b", "2"), ("c", "5"), ("d", "6")];
    assert_eq!(meant, expected.map(|(k, v)| (k, Some(v))));
    assert_eq!(last.get("d").and_then(Node::text), Some("6"));
    assert!(last.merges() && last.own("d").is_none() && last.own("a").is_some());
    assert_eq!(last.own("<<").map(|n| n.items().len()), Some(2));
}

#[test]
fn aliases_that_multiply_are_not_followed() {
    // 10 to the power of 8 mappings
    let mut text = String::from("- &a0 {k: 1}\n");
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(text, "- &a{level} {{<<: [{aliases}]}}").expect("a string");
    }
    assert_eq!(flaw(&text).2, FlawKind::Repeated);
    // each takes in all before it: 3,000 times 3,000 / 2
    let mut text = String::from("- &a0 {k0: 1}\n");
    for job in 1..3000 {
        writeln!(text, "- &a{job} {{<<: *a{}, k{job}: 1}}", job - 1).expect("a string");
    }
    assert_eq!(flaw(&text).2, FlawKind::Repeated);
    // a list of a thousand names, a hundred times, is nothing to be afraid of
    let text = format!("- &a [{}]\n{}", "x, ".repeat(1000), "- *a\n".repeat(100));
    assert_eq!(root(&document(&text)).items().len(), 101);
}

#[test]
fn many_questions_to_a_large_mapping_are_answered_at_once() {
    // pair by pair, these would be more than a thousand million comparisons
    let mut text = String::from("- &big\n");
    for key in 0..30_000 {
        writeln!(text, "  k{key}: {key}").expect("a string");
    }
    let document = document(&text);
    let big = root(&document).items().next().expect("an item");
    for key in 0..30_000 {
        let value = big.get(&format!("k{key}")).and_then(Node::text);
        assert_eq!(value, Some(key.to_string().as_str()));
        assert!(big.get("other").is_none());
    }
}

#[test]
fn numbers_are_plain() {
    let document = document("[1, 2.5, -3, '4', inf, 0x10, a]");
    let numbers: Vec<_> = root(&document).items().map(Node::number).collect();
    assert_eq!(
        numbers,
        [Some(1.0), Some(2.5), Some(-3.0), None, None, None, None]
    );
}

#[test]
fn characters_that_pyyaml_breaks_at_are_refused() {
    for (text, at) in [
        ("a\rb", Some(2)),
        ("a\u{85}", Some(2)),
        ("é\u{2028}", Some(2)),
        ("a\r\n", None),
    ] {
        assert_eq!(readable(text).err().map(|flaw| flaw.column), at, "{text:?}");
    }
}

#[test]
fn data_keeps_its_order_and_says_where_it_is_wrong() {
    let map: serde_json::Map<String, serde_json::Value> =
        from_str("z: 1\na: {y: 2.0, b: ['1', yes, ~]}\n").expect("a map");
    assert_eq!(
        to_string(&map).expect("text"),
        "z: 1\na:\n  y: 2.0\n  b:\n  - '1'\n  - yes\n  - null\n"
    );
    let flaw = from_slice::<Vec<u8>>(b"- 1\n- x\n").expect_err("no number");
    assert_eq!((flaw.line, flaw.column), (2, 3));
    assert!(flaw.kind.to_string().ends_with("at line 2 column 3"));
}

#[test]
fn libyaml_and_the_tree_agree_or_not() {
    let text = "\u{feff}- &a {b: [1, 'two'], c: ~}\n- *a\n- d: >-\n    x\n    y\n  <<: *a\n";
    let tree = document(text).tree().clone();
    assert!(libyaml::says(text, &tree));
    for (from, to, same) in [
        ("'two'", "\"two\"", true),
        ("&a", "&a !t", true),
        ("- *a\n", "- {b: [1, two], c: ~}\n", true),
        ("1,", "10,", false),
        ("1, ", "1, 1, ", false),
        (", 'two'", "", false),
        ("b:", "bb:", false),
        ("c: ~", "c: ~, d: 1", false),
        (", c: ~", "", false),
        ("~", "[]", false),
        ("- *a\n", "- a\n", false),
        ("- *a\n", "", false),
        ("    y\n", "    y\n...\n---\nz\n", false),
        ("    y\n", "    y\n  z", false),
    ] {
        let other = text.replacen(from, to, 1);
        assert_eq!(libyaml::says(&other, &tree), same, "{other}");
    }
    assert!(!libyaml::says("", &document("").tree().clone()));
}
