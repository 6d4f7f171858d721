-- A role that may insert rows may also learn their ids beforehand, without rights of its own on the sequences.
CREATE FUNCTION "next_answer_id"() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
	RETURN nextval('answers_id_seq'::regclass);--> statement-breakpoint
CREATE FUNCTION "next_run_id"() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
	RETURN nextval('practice_runs_id_seq'::regclass);--> statement-breakpoint
-- Some servers let nobody run a new function unless it is granted.
GRANT EXECUTE ON FUNCTION "next_answer_id"(), "next_run_id"() TO PUBLIC;
