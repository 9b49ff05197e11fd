//! The distribution's name and entry points: `pyproject.toml`, else `setup.cfg`, else a literal in `setup.py`.
//!
//! Twelve live services have no `[project]` table, so both files are read; where both name the
//! distribution, they must agree.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::DetectError;
use super::evidence::{Evidence, Named, normalise};
use super::signals::Distribution;
use super::text::{Lines, malformed, text};
use crate::files::Files;
use crate::ini;

/// Returns what the files name; `None` where no file does.
pub(super) fn distribution(files: &dyn Files) -> Result<Option<Distribution>, DetectError> {
    let pyproject = pyproject(files)?;
    let setup_cfg = setup_cfg(files)?;
    match (pyproject, setup_cfg) {
        (Some(mut first), Some(second)) => {
            if first.name != second.name {
                first.contradiction = Some(second.evidence);
            }
            first.entry_points.extend(second.entry_points);
            Ok(Some(first))
        }
        (None, None) => setup_py(files),
        (one, other) => Ok(one.or(other)),
    }
}

fn pyproject(files: &dyn Files) -> Result<Option<Distribution>, DetectError> {
    let path = "pyproject.toml";
    let Some(text) = text(files, path)? else {
        return Ok(None);
    };
    let lines = Lines::of(text.as_bytes());
    let document = DeTable::parse(&text).map_err(|error| DetectError::Malformed {
        path: path.to_owned(),
        line: lines.at(error.span().map_or(0, |span| span.start)),
        problem: error.message().to_owned(),
    })?;
    let at = |value: &Spanned<DeValue<'_>>, says: String| {
        Evidence::new(path, lines.at(value.span().start), &says)
    };
    let Some(project) = table(document.get_ref(), "project") else {
        return Ok(None);
    };
    let string = |key: &str| {
        let value = project.get(key)?;
        Some((value, value.get_ref().as_str()?))
    };
    Ok(string("name").map(|(value, name)| Distribution {
        name: normalise(name),
        evidence: at(value, format!("name = \"{name}\"")),
        contradiction: None,
        description: string("description")
            .map(|(value, text)| at(value, format!("description = \"{text}\""))),
        entry_points: scripts(project)
            .map(|(name, target)| Named {
                name: name.to_owned(),
                evidence: at(target, format!("entry point {name}")),
            })
            .collect(),
    }))
}

fn table<'t, 'a>(table: &'a DeTable<'t>, key: &str) -> Option<&'a DeTable<'t>> {
    table.get(key)?.get_ref().as_table()
}

/// Returns what `[project.scripts]` and every table of `[project.entry-points]` name.
fn scripts<'t, 'a>(
    project: &'a DeTable<'t>,
) -> impl Iterator<Item = (&'a str, &'a Spanned<DeValue<'t>>)> {
    let groups = table(project, "entry-points").into_iter();
    let groups = groups.flat_map(|groups| groups.values().filter_map(|g| g.get_ref().as_table()));
    let tables = table(project, "scripts").into_iter().chain(groups);
    tables.flat_map(|table| {
        table
            .iter()
            .map(|(name, target)| (&**name.get_ref(), target))
    })
}

fn setup_cfg(files: &dyn Files) -> Result<Option<Distribution>, DetectError> {
    let path = "setup.cfg";
    let Some(text) = text(files, path)? else {
        return Ok(None);
    };
    let parsed = ini::parse(&text).map_err(|error| malformed(path, &error))?;
    let at = |line: usize, says: String| Evidence::new(path, line, &says);
    let Some(name) = parsed.get("metadata", "name") else {
        return Ok(None);
    };
    let summary = ["summary", "description"]
        .iter()
        .find_map(|key| parsed.get("metadata", key));
    let mut entry_points = Vec::new();
    for section in ["entry_points", "options.entry_points"] {
        for (_, group) in parsed.section(section).into_iter().flat_map(|s| s.values()) {
            for (line, part) in &group.parts {
                let name = part.split('=').next().unwrap_or_default().trim().to_owned();
                let says = format!("entry point {name}");
                entry_points.push(Named {
                    name,
                    evidence: at(*line, says),
                });
            }
        }
    }
    Ok(Some(Distribution {
        name: normalise(&name.text),
        evidence: at(name.line, format!("name = {}", name.text.trim())),
        contradiction: None,
        description: summary.map(|s| at(s.line, format!("summary = {}", s.text.trim()))),
        entry_points,
    }))
}

fn setup_py(files: &dyn Files) -> Result<Option<Distribution>, DetectError> {
    let path = "setup.py";
    let Some(text) = text(files, path)? else {
        return Ok(None);
    };
    Ok(
        super::setup_py::name(&text).map(|(name, line)| Distribution {
            name: normalise(name),
            evidence: Evidence::new(path, line, &format!("name=\"{name}\"")),
            contradiction: None,
            description: None,
            entry_points: Vec::new(),
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::FileMap;

    fn read(files: &[(&str, &str)]) -> Option<Distribution> {
        distribution(&FileMap::of(files.iter().copied())).expect("well-formed")
    }

    fn name(file: &str, text: &str) -> Option<(String, usize)> {
        read(&[(file, text)]).map(|d| (d.name, d.evidence.line))
    }

    fn found(name: &str, line: usize) -> Option<(String, usize)> {
        Some((name.to_owned(), line))
    }

    #[test]
    fn setup_cfg_in_every_form_that_pbr_and_setuptools_take() {
        for (text, expected) in [
            ("[metadata]\nname = sample\n", found("sample", 2)),
            ("[metadata]\nname=sample", found("sample", 2)),
            ("[metadata]\nname: sample\n", found("sample", 2)),
            ("[metadata]\r\nName\t=\tSample\r\n", found("sample", 2)),
            (
                "# c\n\n[metadata]\nsummary = x\n    y\nname = openstack_heat\n",
                found("openstack-heat", 6),
            ),
            ("[metadata]\nname =\n    sample\n", found("sample", 2)),
            ("[files]\nname = sample\n", None),
            ("[metadata]\nsummary = sample\n", None),
            ("[metadata]\n# name = sample\n", None),
            ("[METADATA]\nname = sample\n", None),
            ("", None),
        ] {
            assert_eq!(name("setup.cfg", text), expected, "{text:?}");
        }
    }

    #[test]
    fn pyproject_has_a_project_or_is_no_signal() {
        for (text, expected) in [
            ("[project]\nname = \"sample\"\n", found("sample", 2)),
            (
                "[project]\n\nname = 'Openstack.Heat'\n",
                found("openstack-heat", 3),
            ),
            ("project.name = \"sample\"\n", found("sample", 1)),
            ("project = { name = \"sample\" }\n", found("sample", 1)),
            ("[build-system]\nrequires = [\"pbr\"]\n", None),
            ("[tool.ruff]\nname = \"sample\"\n", None),
            ("[project]\ndynamic = [\"name\"]\n", None),
            ("project = \"sample\"\n", None),
        ] {
            assert_eq!(name("pyproject.toml", text), expected, "{text:?}");
        }
    }

    #[test]
    fn setup_py_is_a_literal_or_no_signal() {
        for (text, expected) in [
            (
                "import setuptools\nsetuptools.setup(name='sample')\n",
                found("sample", 2),
            ),
            (
                "from setuptools import setup\nsetup(\n    name = \"python-sample\",\n    version='1')\n",
                found("python-sample", 3),
            ),
            ("setup(version='1', name='sample')", found("sample", 1)),
            (
                "setuptools.setup(\n    setup_requires=['pbr>=2.0.0'],\n    pbr=True)\n",
                None,
            ),
            ("name = 'sample'\nsetup(name=name)\n", None),
            ("setup(name=f'{x}')\n", None),
            ("setup(name='no' + 'va')\n", None),
            ("setup(name='no' 'va')\n", None),
            ("setup(name='sample'.upper())\n", None),
            ("setup(**dict(name='sample'))\n", None),
            ("'''setup(name='sample')'''\n", None),
            (
                "setup(long=\"it's, \\\" (name\", # name='no'\n  name='sample',)\n",
                found("sample", 2),
            ),
            ("setup(name=\"\"\"sample\"\"\")\n", found("sample", 1)),
            ("setup(name='sample", None),
            ("# setup(name='sample')\n", None),
            ("setup(package_name='sample')\n", None),
            ("setup(name='')\n", None),
            ("setup(x=setup(name='a'), name='b')\n", found("b", 1)),
            ("setup(x=setup(name='a'))\n", found("a", 1)),
            ("setup(setup(\nsetup(name='a')", found("a", 2)),
            (")]setup(x=[1, ')', {}], name='a')\n", found("a", 1)),
            ("def my_setup(name='sample'):\n    pass\n", None),
            ("setup(version='1')\nother(\n    name='sample')\n", None),
        ] {
            assert_eq!(name("setup.py", text), expected, "{text:?}");
        }
    }

    #[test]
    fn two_files_agree_or_contradict() {
        let pyproject = ("pyproject.toml", "[project]\nname = \"Open_Stack\"\n");
        let both =
            read(&[pyproject, ("setup.cfg", "[metadata]\nname = open.stack\n")]).expect("a name");
        assert_eq!(
            (both.name.as_str(), both.contradiction),
            ("open-stack", None)
        );
        let both = read(&[pyproject, ("setup.cfg", "[metadata]\nname = other\n")]).expect("a name");
        assert_eq!(
            both.contradiction.map(|e| (e.path, e.line)),
            Some(("setup.cfg".to_owned(), 2))
        );
        // setup.py counts only where nothing else names it.
        let both = read(&[pyproject, ("setup.py", "setup(name='other')\n")]).expect("a name");
        assert_eq!(both.contradiction, None);
    }

    #[test]
    fn entry_points_from_every_table() {
        let names = |text: (&str, &str)| -> Vec<(String, usize)> {
            let d = read(&[text]).expect("a name");
            d.entry_points
                .into_iter()
                .map(|e| (e.name, e.evidence.line))
                .collect()
        };
        let toml = "[project]\nname='x'\n[project.scripts]\nx-api = 'x:m'\n[project.entry-points.\"wsgi_scripts\"]\nx-wsgi = 'x:w'\n";
        assert_eq!(
            names(("pyproject.toml", toml)),
            [("x-api".to_owned(), 4), ("x-wsgi".to_owned(), 6)]
        );
        let cfg = "[metadata]\nname = x\n[entry_points]\nconsole_scripts =\n    x-api = x:m\n    # gone\n    x-manage=x:n\n";
        assert_eq!(
            names(("setup.cfg", cfg)),
            [("x-api".to_owned(), 5), ("x-manage".to_owned(), 7)]
        );
    }

    /// A hostile file costs no more than its length.
    #[test]
    fn long_files_take_no_longer_than_they_are() {
        let calls = format!("{}name='a')", "setup(".repeat(200_000));
        assert_eq!(name("setup.py", &calls), found("a", 1));
        let points: String = (0..50_000).map(|n| format!("p{n} = 'x:y'\n")).collect();
        let toml = format!("[project]\nname = 'a'\n[project.scripts]\n{points}");
        let read = read(&[("pyproject.toml", &toml)]).expect("a name");
        let last = read
            .entry_points
            .iter()
            .find(|point| point.name == "p49999");
        assert_eq!(last.map(|point| point.evidence.line), Some(50_003));
    }

    #[test]
    fn what_cannot_be_read_names_its_line() {
        let error = |file: &str, text: &str| {
            let map = FileMap::of([(file, text)]);
            distribution(&map).expect_err("malformed").to_string()
        };
        assert!(
            error("pyproject.toml", "[project]\nname = \"x\n").starts_with("pyproject.toml:2: ")
        );
        assert!(error("setup.cfg", "[metadata]\nname = x\nrubbish\n").starts_with("setup.cfg:3: "));
    }
}
