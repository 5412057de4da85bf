-- What an administrator decides while a connection is set up.

-- How many days back it reads; 0: everything; NULL: as many as the program was started with.
ALTER TABLE connection ADD COLUMN history_days INTEGER;

-- The step of the set-up that comes next. Nothing is read until there is none: NULL, set up.
ALTER TABLE connection ADD COLUMN setup_step TEXT;

-- The branch that counts as the main one here, whatever Bitbucket says (main_branch); NULL: Bitbucket's.
ALTER TABLE repository ADD COLUMN main_branch_chosen TEXT;
