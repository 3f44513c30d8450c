-- Words and keys as they were made before; tags that were merged stay one.
DROP TABLE text_keys;
ALTER TABLE tasks
    DROP COLUMN title_order,
    DROP COLUMN folded_words,
    DROP COLUMN keys_stale,
    ADD COLUMN title_key text COLLATE "C" NOT NULL
        GENERATED ALWAYS AS (translate(title, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')) STORED,
    ADD COLUMN words tsvector NOT NULL DEFAULT '';
ALTER TABLE tags
    DROP COLUMN folded_words,
    ADD COLUMN words tsvector NOT NULL DEFAULT '';

-- What the program made: runs of letters and digits in lower case, Latin letters without their accents.
CREATE FUNCTION rondo_words(given text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(string_agg('''' || left(word, 250) || ''':' || least(place, 16383), ' '), '')::tsvector
    FROM regexp_split_to_table(
        lower(translate(given,
            'àáâãäåāăąạảçćĉċčďèéêëēĕėęěẹẻẽĝğġģĥìíîïĩīĭįịỉĵķĺļľñńņňòóôõöōŏőơọỏŕŗřśŝşšșţťțùúûüũūŭůűųưụủŵýÿŷỳỵỷỹźżžÀÁÂÃÄÅĀĂĄẠẢÇĆĈĊČĎÈÉÊËĒĔĖĘĚẸẺẼĜĞĠĢĤÌÍÎÏĨĪĬĮỊỈĴĶĹĻĽÑŃŅŇÒÓÔÕÖŌŎŐƠỌỎŔŖŘŚŜŞŠȘŢŤȚÙÚÛÜŨŪŬŮŰŲƯỤỦŴÝŸŶỲỴỶỸŹŻŽ',
            'aaaaaaaaaaacccccdeeeeeeeeeeeegggghiiiiiiiiiijklllnnnnooooooooooorrrssssstttuuuuuuuuuuuuuwyyyyyyyzzzaaaaaaaaaaacccccdeeeeeeeeeeeegggghiiiiiiiiiijklllnnnnooooooooooorrrssssstttuuuuuuuuuuuuuwyyyyyyyzzz')),
        '[\s\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u3004\u3008-\u3020]+')
        WITH ORDINALITY parted (word, place)
    WHERE word <> ''
$$;
SELECT set_config('rondo.user', '*', true);
UPDATE tasks SET words = rondo_words(title || ' ' || coalesce(description, ''));
UPDATE tags SET words = rondo_words(name);
DROP FUNCTION rondo_words(text);
ALTER TABLE tasks ALTER COLUMN words DROP DEFAULT;
ALTER TABLE tags ALTER COLUMN words DROP DEFAULT;
CREATE INDEX tasks_by_title ON tasks (owner, title_key, id) WHERE deleted_at IS NULL;
