//! SQL that counts, for an administrator who asks now and then: nothing that a visitor sees may cost as much.

use jiff::Timestamp;
use serde::Serialize;

use super::connection::{Connection, Row, Value};
use super::error::Result;
use crate::post;
use crate::user::UserId;

/// How much of what there is on the site.
#[derive(Clone, Debug, Serialize)]
pub struct Site {
    /// Accounts, those of former users too.
    pub users: i64,
    /// Of them, those that cannot log in.
    pub disabled_users: i64,
    /// Of them, those that decide on what others wrote.
    pub moderators: i64,
    /// Logins, of which some may be over.
    pub sessions: i64,
    /// Posts that everybody sees.
    pub posts: i64,
    /// Posts that only their author sees.
    pub drafts: i64,
    /// Posts that were deleted or unpublished, and may come back.
    pub withdrawn_posts: i64,
    /// Tags.
    pub tags: i64,
    /// Comments.
    pub comments: i64,
    /// Of them, those that wait to be approved.
    pub waiting_comments: i64,
    /// Likes.
    pub likes: i64,
    /// Pictures.
    pub images: i64,
    /// Bytes of their files, in all sizes.
    pub image_bytes: i64,
    /// When the first post was written, as stored.
    #[serde(skip)]
    pub oldest_post: String,
    /// When the last post was written, as stored.
    #[serde(skip)]
    pub newest_post: String,
}

/// Counts the whole site.
pub fn of_site(conn: Connection<'_>) -> Result<Option<Site>> {
    conn.query_row(
        r#"SELECT (SELECT count(*) FROM "user") AS users,
                  (SELECT count(*) FROM disabled_user) AS disabled_users,
                  (SELECT count(*) FROM moderator m JOIN "user" u ON u.id = m.user_id AND u.username = m.username)
                    AS moderators,
                  (SELECT count(*) FROM session) AS sessions,
                  (SELECT count(*) FROM post) AS posts,
                  (SELECT count(*) FROM draft) AS drafts,
                  (SELECT count(*) FROM withdrawn_post) AS withdrawn_posts,
                  (SELECT count(*) FROM tag) AS tags,
                  (SELECT count(*) FROM comment) AS comments,
                  (SELECT count(*) FROM comment WHERE waits_for IS NOT NULL) AS waiting_comments,
                  (SELECT count(*) FROM post_like) AS likes,
                  (SELECT count(*) FROM image) AS images,
                  (SELECT CAST(coalesce(sum(bytes), 0) AS BIGINT) FROM image) AS image_bytes,
                  (SELECT min(created) FROM post) AS oldest_post,
                  (SELECT max(created) FROM post) AS newest_post"#,
        &[],
        site,
    )
}

fn site(row: &Row<'_>) -> Result<Site> {
    Ok(Site {
        users: row.integer("users")?,
        disabled_users: row.integer("disabled_users")?,
        moderators: row.integer("moderators")?,
        sessions: row.integer("sessions")?,
        posts: row.integer("posts")?,
        drafts: row.integer("drafts")?,
        withdrawn_posts: row.integer("withdrawn_posts")?,
        tags: row.integer("tags")?,
        comments: row.integer("comments")?,
        waiting_comments: row.integer("waiting_comments")?,
        likes: row.integer("likes")?,
        images: row.integer("images")?,
        image_bytes: row.integer("image_bytes")?,
        oldest_post: row.text("oldest_post")?,
        newest_post: row.text("newest_post")?,
    })
}

/// What one user has.
#[derive(Clone, Debug)]
pub struct OfUser {
    /// Posts that everybody sees.
    pub posts: i64,
    /// When the last of them was written, as stored; empty if there is none.
    pub newest_post: String,
    /// Posts that only they see.
    pub drafts: i64,
    /// Posts that were deleted or unpublished, and may come back.
    pub withdrawn_posts: i64,
    /// Comments.
    pub comments: i64,
    /// Likes.
    pub likes: i64,
    /// Since when they cannot log in, if they cannot.
    pub disabled_since: Option<Timestamp>,
    /// Since when they log in with a second factor, if they do.
    pub second_factor_since: Option<Timestamp>,
}

/// Counts what one user has.
pub fn of_user(conn: Connection<'_>, id: UserId) -> Result<Option<OfUser>> {
    conn.query_row(
        "SELECT (SELECT count(*) FROM post WHERE author_id = $1) AS posts,
                (SELECT max(created) FROM post WHERE author_id = $1) AS newest_post,
                (SELECT count(*) FROM draft WHERE author_id = $1) AS drafts,
                (SELECT count(*) FROM withdrawn_post WHERE author_id = $1) AS withdrawn_posts,
                (SELECT count(*) FROM comment WHERE author_id = $1) AS comments,
                (SELECT count(*) FROM post_like WHERE user_id = $1) AS likes,
                (SELECT since FROM disabled_user WHERE user_id = $1) AS disabled_since,
                (SELECT created FROM second_factor WHERE user_id = $1) AS second_factor_since",
        &[Value::Integer(id.0)],
        |row| {
            let time = |second: Option<i64>| second.and_then(|second| Timestamp::from_second(second).ok());
            Ok(OfUser {
                posts: row.integer("posts")?,
                newest_post: row.text("newest_post")?,
                drafts: row.integer("drafts")?,
                withdrawn_posts: row.integer("withdrawn_posts")?,
                comments: row.integer("comments")?,
                likes: row.integer("likes")?,
                disabled_since: time(row.optional_integer("disabled_since")?),
                second_factor_since: time(row.optional_integer("second_factor_since")?),
            })
        },
    )
}

/// The latest time at which anybody was seen, and the time of the newest post.
pub(super) fn newest(conn: Connection<'_>) -> Result<(Option<Timestamp>, Option<Timestamp>)> {
    let select = "SELECT (SELECT max(seen) FROM session) AS seen, (SELECT max(created) FROM post) AS created";
    let newest = conn.query_row(select, &[], |row| {
        let seen = row.optional_integer("seen")?.and_then(|second| Timestamp::from_second(second).ok());
        Ok((seen, post::time(&row.text("created")?)))
    })?;
    Ok(newest.unwrap_or_default())
}

/// How much room a server's database takes there.
pub fn bytes_on_server(conn: Connection<'_>) -> Result<u64> {
    let bytes =
        conn.query_row("SELECT pg_database_size(current_database()) AS bytes", &[], |row| row.integer("bytes"))?;
    Ok(bytes.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or_default())
}
