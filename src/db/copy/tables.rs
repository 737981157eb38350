//! What a site is made of: every table of which rows are copied, as both engines have it.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::db) enum Kind {
    Integer,
    /// A text, in whatever type SQLite has it: it enforces none in the tutorial's tables, nor where they are referred to.
    Text,
    Blob,
}

/// Where the numbers of a table's rows come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::db) enum Ids {
    /// From another table; or it has none.
    Others,
    /// From the database.
    Given,
    /// From the database, which gives none twice, be the row that had it deleted.
    GivenOnce,
}

/// A table, its columns, and the columns that tell its rows apart.
#[derive(Clone, Copy, Debug)]
pub(in crate::db) struct Table {
    pub(in crate::db) name: &'static str,
    pub(in crate::db) ids: Ids,
    pub(in crate::db) key: &'static str,
    pub(in crate::db) columns: &'static [(&'static str, Kind)],
}

impl Table {
    /// Its name as a statement has it.
    pub(in crate::db) fn quoted(&self) -> String {
        format!("\"{}\"", self.name)
    }

    /// Its columns as a statement lists them.
    pub(in crate::db) fn list(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }
}

/// What is not copied, since each database makes its own of the rest: the index of the search, and what counts commits and
/// migrations.
#[cfg(test)]
const OWN: [&str; 6] = ["generation", "schema_version", "search_entry", "search_queue", "search_text", "search_title"];

use Kind::{Blob as B, Integer as I, Text as T};

const fn table(name: &'static str, ids: Ids, key: &'static str, columns: &'static [(&'static str, Kind)]) -> Table {
    Table { name, ids, key, columns }
}

/// Every table, what is referred to first.
pub(in crate::db) const TABLES: [Table; 27] = [
    table("user", Ids::GivenOnce, "id", &[("id", I), ("username", T), ("password", T)]),
    table("post", Ids::GivenOnce, "id", &[("id", I), ("author_id", I), ("created", T), ("title", T), ("body", T)]),
    table(
        "session",
        Ids::Others,
        "token_digest",
        &[
            ("token_digest", B),
            ("user_id", I),
            ("password_digest", B),
            ("created", I),
            ("seen", I),
            ("address", T),
            ("agent", T),
        ],
    ),
    table("sent_form", Ids::Others, "user_id, digest", &[("user_id", I), ("digest", B), ("created", I), ("made", I)]),
    table("disabled_user", Ids::Others, "user_id", &[("user_id", I), ("since", I)]),
    table("invite", Ids::Others, "code_digest", &[("code_digest", B), ("created", I)]),
    table(
        "reset_link",
        Ids::Others,
        "code_digest",
        &[("code_digest", B), ("user_id", I), ("password_digest", B), ("created", I)],
    ),
    table("second_factor", Ids::Others, "user_id", &[("user_id", I), ("secret", B), ("last_step", I), ("created", I)]),
    table("recovery_code", Ids::Others, "code_digest", &[("code_digest", B), ("user_id", I)]),
    table("tag", Ids::Given, "id", &[("id", I), ("folded", T), ("name", T)]),
    table("post_tag", Ids::Others, "tag_id, created, post_id", &[("tag_id", I), ("created", T), ("post_id", I)]),
    table("post_update", Ids::Others, "post_id", &[("post_id", I), ("created", T), ("updated", T)]),
    table("markdown_post", Ids::Others, "post_id", &[("post_id", I), ("created", T)]),
    table(
        "draft",
        Ids::GivenOnce,
        "id",
        &[
            ("id", I),
            ("author_id", I),
            ("username", T),
            ("title", T),
            ("body", T),
            ("tags", T),
            ("format", T),
            ("updated", T),
        ],
    ),
    table(
        "withdrawn_post",
        Ids::Others,
        "post_id",
        &[
            ("post_id", I),
            ("author_id", I),
            ("username", T),
            ("created", T),
            ("title", T),
            ("body", T),
            ("tags", T),
            ("format", T),
            ("updated", T),
            ("moderator_id", I),
            ("withdrawn", I),
        ],
    ),
    table("discussion", Ids::Given, "id", &[("id", I), ("post_id", I), ("created", T), ("likes", I)]),
    table("post_like", Ids::Others, "discussion_id, user_id", &[("discussion_id", I), ("user_id", I)]),
    table(
        "comment",
        Ids::GivenOnce,
        "id",
        &[
            ("id", I),
            ("discussion_id", I),
            ("author_id", I),
            ("created", I),
            ("updated", I),
            ("body", T),
            ("waits_for", I),
        ],
    ),
    table("moderator", Ids::Others, "user_id", &[("user_id", I), ("username", T), ("since", I)]),
    table(
        "moderation_log",
        Ids::GivenOnce,
        "id",
        &[
            ("id", I),
            ("time", I),
            ("moderator_id", I),
            ("moderator", T),
            ("act", T),
            ("post_id", I),
            ("comment_id", I),
            ("author", T),
            ("excerpt", T),
            ("reason", T),
        ],
    ),
    table(
        "image",
        Ids::Given,
        "id",
        &[("id", I), ("hash", T), ("format", T), ("bytes", I), ("user_id", I), ("unused_since", I)],
    ),
    table("image_size", Ids::Others, "image_id, width", &[("image_id", I), ("width", I), ("height", I), ("bytes", I)]),
    table(
        "image_part",
        Ids::Others,
        "image_id, width, number",
        &[("image_id", I), ("width", I), ("number", I), ("content", B)],
    ),
    table("image_use", Ids::Others, "holder, holder_id, image_id", &[("holder", T), ("holder_id", I), ("image_id", I)]),
    table("profile", Ids::Others, "user_id", &[("user_id", I), ("username", T), ("line", T)]),
    table("preference", Ids::Others, "user_id", &[("user_id", I), ("username", T), ("language", T), ("theme", T)]),
    table(
        "api_token",
        Ids::GivenOnce,
        "id",
        &[
            ("id", I),
            ("token_digest", B),
            ("user_id", I),
            ("password_digest", B),
            ("name", T),
            ("scope", T),
            ("created", I),
            ("expires", I),
            ("used", I),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::config::Database;
    use crate::db::{Connection, Location, Single, init, postgres};

    /// What there is, as these would have it: table, columns.
    fn of_database(
        location: &Location,
        tables: &str,
        columns: impl Fn(Connection<'_>, &str) -> Vec<String>,
    ) -> Vec<String> {
        init(location, Timestamp::UNIX_EPOCH).unwrap();
        let database = Single::open(location, Timestamp::UNIX_EPOCH).unwrap();
        let found = database.read(|conn| {
            let names = conn.query(tables, &[], |row| row.text("name"))?;
            let names = names.into_iter().filter(|name| !OWN.contains(&name.as_str()));
            Ok(names.map(|name| format!("{name} {:?}", columns(conn, &name))).collect())
        });
        found.unwrap()
    }

    fn listed() -> Vec<String> {
        let shown = |table: &Table| {
            let columns: Vec<_> = table.columns.iter().map(|(name, kind)| format!("{name} {kind:?}")).collect();
            format!("{} {columns:?}", table.name)
        };
        let mut listed: Vec<_> = TABLES.iter().map(shown).collect();
        listed.sort();
        listed
    }

    /// A column that is added to the schema cannot be forgotten here.
    #[test]
    fn no_column_of_a_file_is_missing() {
        let directory = tempfile::tempdir().unwrap();
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
                         AND name NOT LIKE 'search_t%' ORDER BY name";
        let found = of_database(&Location::File(directory.path().join("flaskr.sqlite")), tables, |conn, table| {
            let columns = format!("SELECT name, type FROM pragma_table_info('{table}') ORDER BY cid");
            let shown = conn.query(&columns, &[], |row| {
                let kind = row.text("type")?.replace("INTEGER", "Integer").replace("BLOB", "Blob");
                let kind = ["TEXT", "ANY", "TIMESTAMP"].iter().fold(kind, |kind, of| kind.replace(of, "Text"));
                Ok(format!("{} {kind}", row.text("name")?))
            });
            shown.unwrap()
        });
        assert_eq!(found, listed());
    }

    /// The numbers that SQLite never gives twice are so on a server too.
    #[test]
    fn no_number_is_given_twice() {
        let directory = tempfile::tempdir().unwrap();
        let location = Location::File(directory.path().join("flaskr.sqlite"));
        init(&location, Timestamp::UNIX_EPOCH).unwrap();
        let database = Single::open(&location, Timestamp::UNIX_EPOCH).unwrap();
        let once = "SELECT name FROM sqlite_schema WHERE sql LIKE '%AUTOINCREMENT%' ORDER BY name";
        let found = database.read(|conn| conn.query(once, &[], |row| row.text("name"))).unwrap();
        let mut listed: Vec<_> =
            TABLES.iter().filter(|table| table.ids == Ids::GivenOnce).map(|table| table.name).collect();
        listed.sort_unstable();
        assert_eq!(found, listed);
    }

    /// The same on a server, where there is one to test with.
    #[test]
    fn no_column_of_a_server_is_missing() {
        let Ok(url) = std::env::var("TEST_POSTGRES") else { return };
        let settings = Database { url: Some(url.try_into().unwrap()), ..Database::default() };
        let schema = format!("copy_tables_{}", std::process::id());
        let server = crate::db::location::server(&settings).unwrap();
        postgres::Session::reach(&server).unwrap().batch(&format!("CREATE SCHEMA {schema}")).unwrap();
        let url = format!("{}?options=-csearch_path%3D{schema}", std::env::var("TEST_POSTGRES").unwrap());
        let settings = Database { url: Some(url.try_into().unwrap()), ..Database::default() };
        let tables = "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename::text COLLATE \"C\"";
        let found = of_database(&Location::Server(Box::new(settings)), tables, |conn, table| {
            let columns = format!(
                "SELECT column_name::text AS name, data_type::text AS kind, (is_identity = 'YES')::int AS given
                   FROM information_schema.columns
                  WHERE table_schema = current_schema() AND table_name = '{table}' ORDER BY ordinal_position"
            );
            let shown = conn.query(&columns, &[], |row| {
                let kind =
                    row.text("kind")?.replace("bigint", "Integer").replace("bytea", "Blob").replace("text", "Text");
                let is_given = TABLES.iter().any(|known| known.name == table && known.ids != Ids::Others);
                let name = row.text("name")?;
                assert_eq!(row.integer("given")? == 1, is_given && name == "id", "{table}.{name}");
                Ok(format!("{name} {kind}"))
            });
            shown.unwrap()
        });
        assert_eq!(found, listed());
        postgres::Session::reach(&server).unwrap().batch(&format!("DROP SCHEMA {schema} CASCADE")).unwrap();
    }
}
