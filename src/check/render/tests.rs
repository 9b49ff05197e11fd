//! What Rally's Jinja2 makes of a text; `tests/online` asks the real one about tasks.

use std::collections::BTreeMap;

use super::{Rendered, Unrendered, render};
use crate::check::budget::Budget;
use crate::files::FileMap;

fn of(text: &str) -> Result<Rendered, Unrendered> {
    render(
        &FileMap::default(),
        "rally-jobs/task.yaml",
        text,
        &Budget::default(),
    )
}

fn text(template: &str) -> String {
    of(template).expect(template).text
}

#[test]
fn values_are_printed_as_python_prints_them() {
    for (template, expected) in [
        ("a: {{ true }}", "a: True"),
        ("a: {{ none }}", "a: None"),
        ("a: {{ [1, 'b', none] }}", "a: [1, 'b', None]"),
        ("a: {{ {'b': 1} }}", "a: {'b': 1}"),
        ("a: {{ 3 / 2 }} {{ 4 / 2 }} {{ 3 // 2 }}", "a: 1.5 2.0 1"),
        (
            "a: {{ [2, 1] | min }} {{ min(4, 3) }} {{ max(4, 3) }}",
            "a: 1 3 4",
        ),
        ("a: {{ ceil(1.2) }} {{ round(2.5) }}", "a: 2 2"),
        ("{% set x = x or 'y' %}a: {{ x }}", "a: y"),
        ("a: {{ x | default(3) }}", "a: 3"),
        (
            "{% for a, b in {'k': 1}.items() %}{{ a }}={{ b }}{% endfor %}",
            "k=1",
        ),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ("{% macro m(a) %}[{{ a }}]{% endmacro %}{{ m(1) }}", "[1]"),
        ("a: {{ 'x' ~ 1 }}", "a: x1"),
        ("{% set (a, b) = (1, 2) %}{{ a }}{{ b }}", "12"),
        ("a: {{ range(3) | list }}", "a: [0, 1, 2]"),
        ("a: {{ 'ab' | upper | replace('A', 'c') }}", "a: cB"),
        ("a\n", "a\n"),
        ("{{ 1 }}\n", "1"),
    ] {
        assert_eq!(text(template), expected, "{template}");
    }
}

#[test]
fn lines_lead_back_to_the_template() {
    let template = "{% set x = x or 1 %}\n# c\n{% for n in range(2) %}\n- a: {{ n }}\n  b: {{ x }}\n{% endfor %}\nend: {#\n#}1\n{{ x }}\n";
    let rendered = of(template).expect("a text");
    let lines: Vec<(String, usize)> = rendered
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(n, line)| (line.to_owned(), rendered.line(n + 1)))
        .collect();
    let expected = [
        ("# c", 2),
        ("- a: 0", 4),
        ("  b: 1", 5),
        ("- a: 1", 4),
        ("  b: 1", 5),
        ("end: 1", 7),
        ("1", 9),
    ];
    let expected: Vec<(String, usize)> = expected
        .iter()
        .map(|(text, line)| ((*text).to_owned(), *line))
        .collect();
    assert_eq!(lines, expected);
}

#[test]
fn blanks_are_taken_away_as_without_marks() {
    let template = "a:\n  {%- if true %} 1\n  {%- endif %}\nb: {{- 2 -}}\n\n  c\n";
    let rendered = of(template).expect("a text");
    assert_eq!(rendered.text, "a: 1\nb:2c");
    assert_eq!((rendered.line(1), rendered.line(2)), (1, 4));
}

#[test]
fn variables_that_rally_demands() {
    for (template, missing) in [
        ("a\nb: {{ image }}", &[("image", 2)][..]),
        ("{% if smoke %}\n{% endif %}", &[("smoke", 1)]),
        ("{{ x | d(1) }}", &[("x", 1)]),
        // Rally looks for `{% set`, so the dash loses the default
        ("{%- set x = x or 1 %}{{ x }}", &[("x", 1)]),
        ("{% for x in many %}{{ x }}{% endfor %}", &[("many", 1)]),
    ] {
        let missing = missing
            .iter()
            .map(|(name, line)| ((*name).to_owned(), *line));
        let expected = Unrendered::Variables(missing.collect::<BTreeMap<_, _>>());
        assert_eq!(of(template).map(|r| r.text), Err(expected), "{template}");
    }
}

#[test]
fn what_jinja2_refuses() {
    for (template, line) in [
        ("a\n{% for x in [1] %}\n", 3),
        ("a\n{% nonsense %}", 2),
        ("a\n\n{{ 1 | no_such_filter }}", 3),
        ("{{ 'x }}", 1),
        ("{{ [] [0].a.b }}", 1),
    ] {
        match of(template).map(|r| r.text) {
            Err(Unrendered::Fails { line: at, .. }) => {
                assert!(at.abs_diff(line) <= 1, "{template}: {at}")
            }
            other => panic!("{template}: {other:?}"),
        }
    }
}

#[test]
fn other_templates_are_those_of_the_folder() {
    let files = FileMap::of([
        ("rally-jobs/part.yaml", "b: {{ 1 + 1 }}\n"),
        ("secret.yaml", "no\n"),
        ("rally-jobs/macros.j2", "{% macro m() %}m{% endmacro %}"),
    ]);
    let of = |text: &str| {
        render(&files, "rally-jobs/task.yaml", text, &Budget::default()).map(|r| r.text)
    };
    assert_eq!(
        of("a: 1\n{% include 'part.yaml' %}"),
        Ok("a: 1\nb: 2".to_owned())
    );
    assert_eq!(
        of("{% import 'macros.j2' as m %}{{ m.m() }}"),
        Ok("m".to_owned())
    );
    assert!(matches!(
        of("{% include '../secret.yaml' %}"),
        Err(Unrendered::Fails { .. })
    ));
    assert!(matches!(
        of("{% include 'none.yaml' %}"),
        Err(Unrendered::Fails { .. })
    ));
    assert_eq!(
        of("a{% include 'none.yaml' ignore missing %}"),
        Ok("a".to_owned())
    );
}

#[test]
fn hostile_templates_end() {
    for template in [
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% for a in range(100000) %}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ 'x' * 10000000 * 1000 }}",
        "{{ range(10000000000) | list }}",
        "{% set a = 'xxxxxxxxxx' %}{% for n in range(40) %}{% set a = a ~ a %}{% endfor %}",
        "{% set ns = namespace(a='xxxxxxxxxx') %}{% for n in range(60) %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}",
        "{{ [[[[1] * 10000] * 10000] * 10000] }}",
    ] {
        let said = of(template).map(|r| r.text.len());
        assert!(said.map_or(true, |length| length < 5 << 20), "{template}");
    }
}

#[test]
fn the_end_of_a_text_is_not_judged() {
    for (template, is_judged) in [
        ("{% for a in 'xy' %}{{ loop.length }}{% endfor %}", false),
        (
            "{%- for a in \"xy\" if a -%}{{ loop.revindex0 }}{% endfor %}",
            false,
        ),
        (
            "{% set x = x or 'xy' %}{% for a in x %}{% if loop.last %}{% endif %}{% endfor %}",
            false,
        ),
        ("{% for a in 'xy' %}{{ loop.index }}{% endfor %}", true),
        (
            "{% for a in 'x,y'.split(',') %}{{ loop.last }}{% endfor %}",
            true,
        ),
        ("{% for a in ['x', 'y'] %}{{ loop.last }}{% endfor %}", true),
    ] {
        assert_eq!(of(template).is_ok(), is_judged, "{template}");
    }
}
