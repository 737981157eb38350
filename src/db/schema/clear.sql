-- Everything that the numbered files made, what refers to others first.
DROP TABLE IF EXISTS sent_form;
DROP TABLE IF EXISTS session;
DROP TABLE IF EXISTS post;
DROP TABLE IF EXISTS user;
