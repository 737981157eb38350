-- Everything that the numbered files made, what refers to others first.
DROP TABLE IF EXISTS search_text;
DROP TABLE IF EXISTS search_title;
DROP TABLE IF EXISTS search_queue;
DROP TABLE IF EXISTS recovery_code;
DROP TABLE IF EXISTS second_factor;
DROP TABLE IF EXISTS reset_link;
DROP TABLE IF EXISTS invite;
DROP TABLE IF EXISTS disabled_user;
DROP TABLE IF EXISTS sent_form;
DROP TABLE IF EXISTS session;
DROP TABLE IF EXISTS post_update;
DROP TABLE IF EXISTS post_tag;
DROP TABLE IF EXISTS tag;
DROP TABLE IF EXISTS post;
DROP TABLE IF EXISTS user;
