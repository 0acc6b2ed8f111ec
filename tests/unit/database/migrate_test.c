/* SPDX-License-Identifier: EUPL-1.2 */
/* The program's own schema on a real server: forward, once, under checksums, one at a time. */
#include "../io/db_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pp/base/log.h>
#include <pp/io/secret.h>

#include "../../../server/database/migrate.h"

struct target {
	char super[300], owner[300], server[300];
	struct pp_arena arena;
	struct pp_fault fault;
	char said[4000];
};

static void on_progress(void *ctx, const char *sentence)
{
	struct target *t = ctx;

	assert_true(strlen(t->said) + strlen(sentence) + 2 < sizeof(t->said));
	strcat(strcat(t->said, sentence), "\n");
}

/* The cluster's URL with another database and user. */
static void make_url(char out[300], const char *database, const char *user)
{
	const char *query = strchr(cluster_url(), '?');
	const char *end = strstr(cluster_url(), "&user=");

	assert_true(query && end);
	snprintf(out, 300, "postgresql:///%s%.*s&user=%s", database, (int)(end - query), query,
		user);
}

static void run(const char *url, const char *sql)
{
	struct pp_fault fault;
	struct pp_admin *admin = pp_admin_open(url, &fault);

	if (!admin || !pp_admin_run(admin, sql, &fault))
		fail_msg("%s: %s", sql, fault.detail);
	pp_admin_close(admin);
}

static const char *value(struct target *t, const char *sql)
{
	struct pp_admin *admin = pp_admin_open(t->super, &t->fault);
	struct pp_rows *rows = NULL;

	if (!admin || !pp_admin_ask(admin, &t->arena, sql, 0, NULL, &rows, &t->fault))
		fail_msg("%s: %s", sql, t->fault.detail);
	pp_admin_close(admin);
	return pp_text(&t->arena, pp_cell(rows, 0, 0));
}

static bool migrate(struct target *t)
{
	t->said[0] = '\0';
	return pp_migrate(t->owner, t->super, on_progress, t, &t->fault);
}

static int begin(void **state)
{
	static unsigned number;
	struct target *t = calloc(1, sizeof(*t));
	char sql[64], database[32];

	snprintf(database, sizeof(database), "m%u", ++number);
	snprintf(sql, sizeof(sql), "create database %s", database);
	run(cluster_url(), sql);
	make_url(t->super, database, "postgres");
	make_url(t->owner, database, "pp_owner");
	make_url(t->server, database, "pp_server");
	pp_arena_begin(&t->arena);
	*state = t;
	return 0;
}

static int end(void **state)
{
	struct target *t = *state;

	pp_arena_end(&t->arena);
	free(t);
	return 0;
}

static void must_migrate(struct target *t)
{
	if (!migrate(t))
		fail_msg("%s", t->fault.detail);
}

static void an_empty_database_is_brought_up_and_then_left_alone(void **state)
{
	struct target *t = *state;
	char version[16];

	snprintf(version, sizeof(version), "%d", pp_schema_version());
	must_migrate(t);
	assert_non_null(strstr(t->said, "migration 0001_foundation.sql\n"));
	assert_non_null(strstr(t->said, "schema pp_api made anew"));
	assert_non_null(strstr(t->said, "the rules of affected.tsv are in force\n"));
	assert_string_equal(value(t, "select max(no) from pp.migration"), version);
	assert_string_equal(value(t, "select count(*) > 5 from pp.affected_rule"), "t");
	assert_true(pp_migrate_check(t->server, &t->fault));
	must_migrate(t);
	assert_string_equal(t->said, "");
}

static void without_its_bootstrap_the_sentence_says_what_is_missing(void **state)
{
	struct target *t = *state;

	/* The roles are the cluster's and may be there from another test. */
	t->said[0] = '\0';
	assert_false(pp_migrate(t->owner, NULL, on_progress, t, &t->fault));
	assert_true(t->fault.detail[0] != '\0');
	assert_false(pp_migrate_check(t->super, &t->fault));
	assert_non_null(strstr(t->fault.detail, "schema version 0"));
	assert_non_null(strstr(t->fault.detail, "run planungsplattform migrate"));
}

static void a_changed_migration_is_an_error_that_names_it(void **state)
{
	struct target *t = *state;

	must_migrate(t);
	run(t->super, "update pp.migration set sha256 = sha256('x') where no = 2");
	assert_false(migrate(t));
	assert_non_null(strstr(t->fault.detail, "0002_"));
	assert_non_null(strstr(t->fault.detail, "has been changed after it was applied"));
}

static void a_newer_database_is_left_alone(void **state)
{
	struct target *t = *state;

	must_migrate(t);
	run(t->super,
		"insert into pp.migration values"
		" (9999, '9999_later.sql', sha256('x'), now(), '15')");
	assert_false(migrate(t));
	assert_non_null(
		strstr(t->fault.detail, "9999_later.sql, which this program does not know"));
	assert_false(pp_migrate_check(t->server, &t->fault));
	assert_non_null(strstr(t->fault.detail, "install the newer program"));
}

static void changed_functions_are_made_anew_as_a_whole(void **state)
{
	struct target *t = *state;

	must_migrate(t);
	run(t->super,
		"update pp.repeatable set sha256 = sha256('x') where name = 'house.sql';"
		"create function pp_api.left_over() returns int language sql as 'select 1'");
	must_migrate(t);
	assert_null(strstr(t->said, "migration"));
	assert_non_null(strstr(t->said, "schema pp_api made anew"));
	assert_string_equal(
		value(t, "select count(*) from pg_proc where proname = 'left_over'"), "0");
}

static void a_migration_that_fails_leaves_nothing_and_can_be_repeated(void **state)
{
	struct target *t = *state;

	run(t->super,
		"create schema pp; create table pp.repeatable (a int); grant all on schema pp to "
		"public");
	assert_false(migrate(t));
	assert_int_equal(strncmp(t->fault.detail, "0001_foundation.sql: ", 21), 0);
	assert_string_equal(value(t, "select to_regclass('pp.migration') is null"), "t");
	run(t->super, "drop schema pp cascade; drop schema pp_api cascade");
	must_migrate(t);
}

/* Both find an empty database; one does the work, the other waits and finds it done. */
static void two_at_once_do_it_once(void **state)
{
	struct target *t = *state;
	pid_t child;
	int status;

	child = fork();
	if (child == 0)
		_exit(migrate(t) ? 0 : 1);
	must_migrate(t);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	must_migrate(t);
	assert_string_equal(t->said, "");
	assert_string_equal(
		value(t, "select count(*) = count(distinct no) from pp.migration"), "t");
}

static void other_rules_are_a_new_version(void **state)
{
	struct target *t = *state;

	must_migrate(t);
	run(t->super,
		"set session_replication_role = replica;"
		"update pp.rule_version set text = null, sha256 = sha256('x')");
	must_migrate(t);
	assert_string_equal(t->said, "the rules of affected.tsv are in force\n");
	assert_string_equal(value(t, "select count(*) from pp.rule_version"), "2");
	assert_string_equal(
		value(t, "select count(*) from pp.rule_version where valid_to is null"), "1");
}

static void rules_that_a_person_has_imported_stay(void **state)
{
	struct target *t = *state;

	must_migrate(t);
	run(t->super,
		"set session_replication_role = replica;"
		"update pp.rule_version set text = null, sha256 = sha256('x'), origin = 'person'");
	must_migrate(t);
	assert_non_null(strstr(t->said, "rule version 1, which was imported, stays in force"));
	assert_string_equal(value(t, "select count(*) from pp.rule_version"), "1");
}

static void a_version_from_before_texts_were_kept_gets_its_text(void **state)
{
	struct target *t = *state;

	must_migrate(t);
	run(t->super,
		"set session_replication_role = replica; update pp.rule_version set text = null");
	must_migrate(t);
	assert_string_equal(t->said, "");
	assert_string_equal(value(t, "select text like 'id\tname\t%' from pp.rule_version"), "t");
}

static void a_query_that_does_not_fit_is_named(void **state)
{
	struct target *t = *state;

	must_migrate(t);
	run(t->super,
		"do $$ begin execute (select format('alter function %s rename to away',"
		" oid::regprocedure) from pg_proc where proname = 'body_show'"
		" and pronamespace = 'pp_api'::regnamespace); end $$");
	assert_false(migrate(t));
	assert_non_null(strstr(t->said, "query body_show: line 1: function pp_api.body_show("));
	assert_int_equal(t->fault.problem, PP_conflict);
	assert_non_null(strstr(t->fault.detail, "1 of the "));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(an_empty_database_is_brought_up_and_then_left_alone),
		T(without_its_bootstrap_the_sentence_says_what_is_missing),
		T(a_changed_migration_is_an_error_that_names_it),
		T(a_newer_database_is_left_alone),
		T(changed_functions_are_made_anew_as_a_whole),
		T(a_migration_that_fails_leaves_nothing_and_can_be_repeated),
		T(two_at_once_do_it_once),
		T(other_rules_are_a_new_version),
		T(rules_that_a_person_has_imported_stay),
		T(a_version_from_before_texts_were_kept_gets_its_text),
		T(a_query_that_does_not_fit_is_named),
	};

	return cmocka_run_group_tests(tests, cluster_begin, cluster_end);
}
