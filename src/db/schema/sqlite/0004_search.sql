-- Posts whose entry in the index is out of date; search_triggers.sql puts them there.
CREATE TABLE search_queue (
  post_id INTEGER PRIMARY KEY
) STRICT;

-- The index: of titles, and of titles and texts together. Only tokens come in (src/search/), so the plainest tokenizer
-- will do; it takes whatever is not ASCII for a letter.
CREATE VIRTUAL TABLE search_title USING fts5 (
  tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
CREATE VIRTUAL TABLE search_text USING fts5 (
  tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

-- Parts of it are merged step by step, as src/db/search.rs asks for, and never by a long merge in between.
INSERT INTO search_title (search_title, rank) VALUES ('automerge', 0), ('crisismerge', 1000);
INSERT INTO search_text (search_text, rank) VALUES ('automerge', 0), ('crisismerge', 1000);
