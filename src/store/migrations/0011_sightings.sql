-- Which connections see which repositories: what only one of them brought may go with it.

CREATE TABLE repository_sighting (
    workspace_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    connection_id INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, repository_id, connection_id)
) {table};
CREATE INDEX repository_sighting_by_connection ON repository_sighting (workspace_id, connection_id);

-- Of connections from before this was kept: all that they may see.
INSERT INTO repository_sighting (workspace_id, repository_id, connection_id)
    SELECT r.workspace_id, r.repository_id, c.connection_id FROM repository r
    JOIN connection c ON c.workspace_id = r.workspace_id
    WHERE c.repository_full_name IS NULL OR LOWER(c.repository_full_name) = LOWER(r.full_name)
    OR c.connection_id = r.connection_id;
