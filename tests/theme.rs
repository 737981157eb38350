//! Themes as files on a disk: what is taken, and what is wrong with what is not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by failing"
)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use flaskr::theme::{
    self, BuiltIn, FILES_MAX, FOLDERS_DEEP_MAX, Kind, NAME_BYTES_MAX, STATIC_BYTES_MAX, TEMPLATE_BYTES_MAX,
    THEME_BYTES_MAX,
};
use tempfile::TempDir;

/// A theme with these files, in a directory of its own.
struct Folder(TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            folder.write(path, text.as_bytes());
        }
        folder
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), bytes).unwrap();
    }

    /// Without the directory, which is another each time.
    fn shown(&self, lines: &[theme::Fault]) -> Vec<String> {
        let directory = format!("{}/", self.0.path().display());
        lines.iter().map(|line| line.to_string().replace(&directory, "")).collect()
    }

    fn faults(&self) -> Vec<String> {
        match theme::load(Some(self.0.path())) {
            Ok(_) => Vec::new(),
            Err(theme::Refused(faults)) => self.shown(&faults),
        }
    }

    fn notes(&self) -> Vec<String> {
        self.shown(&theme::load(Some(self.0.path())).unwrap().notes)
    }
}

fn built_in(kind: Kind, name: &str) -> String {
    String::from_utf8(BuiltIn::named(kind, name).unwrap().bytes.to_vec()).unwrap()
}

/// Fails unless the theme has exactly one fault, which begins like this.
fn assert_fault(files: &[(&str, &str)], message: &str) {
    let faults = Folder::with(files).faults();
    assert!(faults.len() == 1 && faults[0].starts_with(message), "{message}: {faults:#?}");
}

/// Each fault of a template is told with its file, line and column.
#[test]
fn faults_have_a_place() {
    let page = |content: &str| {
        format!("{{% extends \"base.html\" %}}\n{{% block content %}}\n  {content}\n{{% endblock content %}}\n")
    };
    for (content, message) in [
        ("{{ heading", "4:1: Found `{` but expected }}."),
        ("{% if code %}", "4:4: "),
        ("{{ code | shout }}", "3:13: Unknown filter `shout`"),
        ("{{ shout() }}", "3:6: Unknown function `shout`"),
        ("{% if code is loud %}{% endif %}", "3:17: Unknown test `loud`"),
        ("{% include \"_gone.html\" %}", "3:14: Unknown template `_gone.html`"),
        ("{{<gone />}}", "3:5: Unknown component `gone`"),
        ("{{ hedaing }}", "3:6: Variable `hedaing` is not defined."),
        ("{{ site.titel }}", "3:11: Field `titel` is not defined. Available fields: "),
        ("{{ asset(name=\"gone.css\") }}", "3:6: there is no file gone.css in static/"),
        ("{{ drawing(name=\"style.css\") }}", "3:6: there is no drawing style.css in static/"),
        ("{{ asset() }}", "3:6: "),
        ("<?loged-in?>x<?everybody?>", "3:3: \"loged-in\" is no mark"),
    ] {
        assert_fault(&[("templates/error.html", &page(content))], &format!("templates/error.html:{message}"));
    }
    assert_fault(
        &[("templates/error.html", "\n{% extends \"bas.html\" %}")],
        "templates/error.html:2:12: there is no template bas.html to extend",
    );
    assert_fault(
        &[("templates/error.html", "{% extends \"base.html\" %}\n{% block aside %}{% endblock aside %}")],
        "templates/error.html:2:10: Block `aside` is not defined in any parent template",
    );
    assert_fault(
        &[("templates/_head.html", "x\n{% include \"_head.html\" %}")],
        "templates/_head.html:2:12: includes itself, by ",
    );
    assert_fault(&[("templates/base.html", "{% extends \"base.html\" %}")], "templates/base.html:1:12: extends itself");
}

/// What a template of ours needs of one of the theme's is told once, of the theme's.
#[test]
fn missing_blocks() {
    let base = built_in(Kind::Template, "base.html")
        .replace("{% block of_site %} - {{ site.title }}{% endblock of_site %}", "");
    assert_fault(
        &[("templates/base.html", &base)],
        "templates/base.html: has no block `of_site`, which templates of ours fill: add {% block of_site %}",
    );
    let index = built_in(Kind::Template, "blog/index.html").replace("{%- set text = post.text %}", "");
    assert_fault(
        &[("templates/blog/index.html", &index)],
        "(built in)/templates/blog/_text.html:2:12: for the page blog/index.html: Variable `text` is not defined.",
    );
}

/// All faults are found at once.
#[test]
fn all_at_once() {
    let folder =
        Folder::with(&[("templates/error.html", "{{ a"), ("templates/base.html", "{{ b"), ("static/a.exe", "")]);
    folder.write("templates/blog/post.html", b"ok\n\xff");
    let faults = folder.faults();
    let files = [
        "static/a.exe: cannot be served",
        "templates/base.html:1:",
        "templates/blog/post.html:2:1: is not UTF-8",
        "templates/error.html:1:",
    ];
    assert_eq!(faults.len(), files.len(), "{faults:#?}");
    for (fault, file) in faults.iter().zip(files) {
        assert!(fault.starts_with(file), "{file}: {fault}");
    }
}

/// Whoever forgets a mark does not show everybody what waits to be approved.
#[test]
fn forgotten_marks() {
    let thread = built_in(Kind::Template, "comments/_thread.html");
    let (before, waiting) = thread.split_once("{%- for comment in thread.waiting %}").unwrap();
    let mark = "<?user {{ comment.author_id }} or user {{ comment.host }} or moderator?>";
    let without = format!("{before}{{%- for comment in thread.waiting %}}{}", waiting.replacen(mark, "", 1));
    assert_fault(
        &[("templates/comments/_thread.html", &without)],
        "(built in)/templates/blog/post.html: shows everybody comments that wait for approval",
    );
}

/// What is no file that can be served or read is named.
#[test]
fn files_that_are_none() {
    for (path, message) in [
        ("templates/readme.md", "templates/readme.md: is no template: the name of one ends in .html, .xml, .txt"),
        ("static/page.html", "static/page.html: cannot be served: the name of a file that can ends in .avif, .css, "),
        ("static/글.css", "static/글.css: has a name with other characters than "),
        ("static/a b.css", "static/a b.css: has a name with other characters than "),
        ("templates/base.html/x.html", "templates/base.html: is a directory, where a file has to be"),
    ] {
        assert_fault(&[(path, "")], message);
    }
    let folder = Folder::with(&[("static/a.css", "")]);
    symlink("b.css", folder.path("static/c.css")).unwrap();
    symlink("c.css", folder.path("static/b.css")).unwrap();
    symlink("gone.css", folder.path("static/d.css")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(folder.path("static/pipe.css")).status().unwrap().success());
    folder.write("static/bad.css", b"a\xff");
    folder.write("static/bad.png", b"\x89\xff");
    assert_eq!(
        folder.faults(),
        [
            "static/b.css: cannot read the file: Too many levels of symbolic links (os error 40)",
            "static/bad.css:1:2: is not UTF-8 from here on",
            "static/c.css: cannot read the file: Too many levels of symbolic links (os error 40)",
            "static/d.css: cannot read the file: No such file or directory (os error 2)",
            "static/pipe.css: is no file",
        ]
    );
    let refused = theme::load(Some(Path::new("/nowhere/theme"))).unwrap_err().to_string();
    let missing = "cannot read the directory of the theme: No such file or directory (os error 2)";
    assert_eq!(refused, format!("the theme is refused: /nowhere/theme: {missing}"));
    let folder = Folder::with(&[("templates", "")]);
    assert_eq!(folder.faults(), ["templates: cannot read the folder: Not a directory (os error 20)"]);
}

/// A link to a file is followed, and one that leads back ends.
#[test]
fn links() {
    let folder = Folder::with(&[("elsewhere.css", "a{}")]);
    fs::create_dir(folder.path("static")).unwrap();
    symlink("../elsewhere.css", folder.path("static/style.css")).unwrap();
    assert_eq!(folder.faults(), <[String; 0]>::default());
    symlink(".", folder.path("static/again")).unwrap();
    let faults = folder.faults();
    let again = format!("static/{}again: is more than 8 folders deep", "again/".repeat(FOLDERS_DEEP_MAX - 1));
    assert!(faults.len() == 1 && faults[0].starts_with(&again), "{faults:#?}");
}

/// Each limit is one more than what is taken.
#[test]
fn limits() {
    let folder = Folder::with(&[]);
    let faults = |path: &str, bytes: usize| {
        folder.write(path, &vec![b' '; bytes]);
        let faults = folder.faults();
        fs::remove_file(folder.path(path)).unwrap();
        faults
    };
    let none = <[String; 0]>::default();
    assert_eq!(faults("static/a.css", STATIC_BYTES_MAX), none);
    let message = "static/a.css: is larger than the 4194304 bytes that it may have";
    assert_eq!(faults("static/a.css", STATIC_BYTES_MAX + 1), [message]);
    assert_eq!(faults("templates/a.html", TEMPLATE_BYTES_MAX), none);
    let message = "templates/a.html: is larger than the 262144 bytes that it may have";
    assert_eq!(faults("templates/a.html", TEMPLATE_BYTES_MAX + 1), [message]);
    let name = |bytes: usize| format!("static/{}.css", "a".repeat(bytes - ".css".len()));
    assert_eq!(faults(&name(NAME_BYTES_MAX), 1), none);
    assert!(faults(&name(NAME_BYTES_MAX + 1), 1)[0].ends_with(": has a name longer than 200 bytes"));

    for number in 0..THEME_BYTES_MAX / STATIC_BYTES_MAX {
        folder.write(&format!("static/{number}.woff2"), &vec![0; STATIC_BYTES_MAX]);
    }
    assert_eq!(folder.faults(), none);
    folder.write("static/z.woff2", b"0");
    assert_eq!(folder.faults(), ["static/z.woff2: is too much: a theme has at most 16777216 bytes"]);
}

/// There are so many files at most.
#[test]
fn files_are_counted() {
    let folder = Folder::with(&[]);
    (0..FILES_MAX).for_each(|number| folder.write(&format!("static/{number:03}.txt"), b""));
    assert_eq!(folder.faults(), <[String; 0]>::default());
    folder.write("static/one-more.txt", b"");
    assert_eq!(folder.faults(), ["static/one-more.txt: is one too many: a theme has at most 500 files"]);
}

/// What changes nothing is noted, with what was most likely meant.
#[test]
fn notes() {
    let folder = Folder::with(&[
        ("static/style.css", &built_in(Kind::Static, "style.css")),
        ("static/fonts/a.woff2", "x"),
        ("templates/blog/idnex.html", "x"),
        ("templates/own/alone.html", "x"),
        ("templates/own/used.html", "x"),
        ("templates/_head.html", &(built_in(Kind::Template, "_head.html") + "{% include \"own/used.html\" %}")),
        ("locales/en.ftl", ""),
        ("README", ""),
        (".git/config", ""),
        ("templates/.base.html.swp", "{{"),
        ("templates/base.html~", "{{"),
    ]);
    assert_eq!(
        folder.notes(),
        [
            "locales: is not read: a theme is what is in templates/ and static/",
            "static/style.css: is the same as the built-in one, and can go",
            "templates/blog/idnex.html: is used by nothing: is blog/index.html meant?",
            "templates/own/alone.html: is used by nothing: there is no page of this name, and no template includes it",
        ]
    );
    let empty = Folder::with(&[]);
    assert!(empty.notes()[0].ends_with(": changes nothing: there is no file in templates/ or static/"));
}

/// What `theme export` writes is a good theme.
#[test]
fn ours() {
    let folder = Folder::with(&[]);
    for file in BuiltIn::all() {
        folder.write(&file.path(), file.bytes);
    }
    assert_eq!(folder.notes().len(), BuiltIn::all().len());
}
