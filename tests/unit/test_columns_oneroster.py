"""OneRoster sets: users are the people, the other files say more of them."""

from __future__ import annotations

import pytest

from sheets.columns import recognise, tables
from sheets.errors import NotUnderstood
from tests.unit.columns_grid import grid_of

USERS_11 = (
    *("sourcedId", "status", "dateLastModified", "enabledUser", "orgSourcedIds", "role"),
    *("username", "givenName", "familyName", "identifier", "email", "phone", "agentSourcedIds"),
)
USERS_12 = (
    *("sourcedId", "status", "dateLastModified", "enabledUser", "username", "givenName"),
    *("familyName", "identifier", "email", "phone", "agentSourcedIds", "primaryOrgSourcedId"),
)
ROLES = ("sourcedId", "status", "userSourcedId", "roleType", "role", "beginDate", "endDate")
ENROLLMENTS = ("sourcedId", "status", "classSourcedId", "userSourcedId", "role", "beginDate")
ORGS = ("sourcedId", "status", "name", "type", "parentSourcedId")


def user(version, **cells):
    heads = USERS_11 if version == "1.1" else USERS_12
    return tuple(cells.get(head) for head in heads)


def set_11(*users, **files):
    return grids(users=[USERS_11, *(user("1.1", **one) for one in users)], **files)


def set_12(*users, roles=(), **files):
    return grids(
        users=[USERS_12, *(user("1.2", **one) for one in users)], roles=[ROLES, *roles], **files
    )


def grids(**files):
    return [grid_of(rows, title) for title, rows in files.items()]


def person(sourced_id, **cells):
    return {
        "sourcedId": sourced_id,
        "enabledUser": "true",
        "givenName": "Ann",
        "familyName": "Byrne",
        **cells,
    }


STUDENT = person("s1", role="student")
GUARDIAN = person("g1", role="guardian")
TEACHER = person("t1", role="teacher")


def found(grids, kind="mixed"):
    return next(one for one in recognise(grids) if one.kind == kind)


def table(grids, kind):
    return next(one for each in recognise(grids) for one in tables(each) if one.kind == kind)


def column(grids, kind, field):
    return table(grids, kind).frame[field].to_list()


class TestRoles:
    def test_in_a_1_1_set_the_role_stands_with_the_user(self):
        kinds = [one.kind for one in tables(found(set_11(STUDENT, GUARDIAN, TEACHER)))]

        assert kinds[:3] == ["student", "staff", "contact"]

    def test_in_a_1_2_set_it_stands_in_roles(self):
        roles = [
            ("r1", None, "s1", "primary", "student"),
            ("r2", None, "g1", "primary", "guardian"),
        ]
        one = set_12(person("s1"), person("g1"), roles=roles)

        assert column(one, "student", "sourced_id") == ["s1"]
        assert column(one, "contact", "sourced_id") == ["g1"]

    def test_of_several_the_primary_one_counts_and_it_is_said(self):
        roles = [("r1", None, "p", "secondary", "guardian"), ("r2", None, "p", "primary", "aide")]
        one = set_12(person("p"), roles=roles)

        assert column(one, "staff", "sourced_id") == ["p"]
        assert any(note.startswith("1 person is more than one") for note in found(one).notes)

    def test_without_a_primary_one_the_first_counts(self):
        roles = [("r1", None, "p", None, "guardian"), ("r2", None, "p", None, "teacher")]

        assert column(set_12(person("p"), roles=roles), "contact", "sourced_id") == ["p"]

    def test_a_role_that_is_marked_for_deletion_does_not_count(self):
        roles = [
            ("r1", "tobedeleted", "p", "primary", "guardian"),
            ("r2", "active", "p", "secondary", "teacher"),
        ]

        assert column(set_12(person("p"), roles=roles), "staff", "sourced_id") == ["p"]

    def test_a_1_2_set_without_roles_is_not_understood(self):
        with pytest.raises(NotUnderstood, match=r"roles\.csv, which is missing") as refused:
            recognise(set_12(person("s1"))[:1])

        assert "zip" in refused.value.hint

    def test_roles_are_looked_up_though_only_users_are_asked_for(self):
        one = set_12(person("s1"), roles=[("r1", None, "s1", "primary", "student")])

        [users] = recognise(one, sheets=["users"])

        assert tables(users)[0].kind == "student"


class TestContacts:
    @pytest.mark.parametrize(
        ("role", "flag"), [("guardian", "true"), ("parent", "true"), ("relative", "false")]
    )
    def test_the_role_tells_who_is_a_guardian(self, role, flag):
        one = set_11(STUDENT, person("g1", role=role))

        assert column(one, "contact", "guardian_flag") == [flag]
        assert column(one, "contact", "home_page") == ["campus_parent"]
        assert "home_page" not in table(one, "student").frame.columns

    def test_agents_link_students_and_contacts_as_either_of_them_says(self):
        one = set_11(
            {**STUDENT, "agentSourcedIds": "g1, g2"},
            {**GUARDIAN, "agentSourcedIds": "s1"},
            person("g3", role="relative", agentSourcedIds="s1,nobody"),
        )

        links = table(one, "link").frame.select("student_sourced_id", "sourced_id").rows()

        assert links == [("s1", "g1"), ("s1", "g2"), ("s1", "g3")]

    def test_the_phone_of_a_1_1_set_is_other_phone(self):
        assert found(set_11(STUDENT, GUARDIAN)).fields["other_phone"].header == "phone"

    def test_the_phone_of_a_1_2_set_may_be_another_one(self):
        one = found(set_12(person("g1"), roles=[("r1", None, "g1", "primary", "guardian")]))

        assert "other_phone" not in one.fields
        assert one.fields["phone"].header == "phone"


class TestStaff:
    def dates(self, *roles):
        one = set_12(person("t1"), roles=roles)
        frame = table(one, "staff").frame
        there = [name for name in ("assignment_start", "assignment_end") if name in frame.columns]
        return frame.select(there).rows()

    def test_a_role_without_dates_is_current(self):
        assert self.dates(("r1", None, "t1", "primary", "teacher")) == [("9999-12-31",)]

    def test_a_role_ends_when_it_says(self):
        role = ("r1", None, "t1", "primary", "teacher", "2024-08-01", "2026-06-30")

        assert self.dates(role) == [("2024-08-01", "2026-06-30")]

    def test_of_several_roles_the_one_that_lasts_longest_counts(self):
        old = ("r1", None, "t1", "primary", "teacher", "2020-08-01", "2021-06-30")
        new = ("r2", None, "t1", "secondary", "aide", "2024-08-01", None)

        assert self.dates(old, new) == [("2024-08-01", "9999-12-31")]

    def test_in_a_1_1_set_the_role_is_current(self):
        assert column(set_11(STUDENT, TEACHER), "staff", "assignment_end") == ["9999-12-31"]


class TestOtherFiles:
    def test_enrollments_of_students_in_use_are_looked_up(self):
        rows = [
            ("e1", None, "c1", "s1", "student", "2026-09-08"),
            ("e2", None, "c1", "t1", "teacher", "2026-09-08"),
            ("e3", "tobedeleted", "c2", "s1", "student", "2026-09-08"),
        ]
        frame = table(
            set_11(STUDENT, TEACHER, enrollments=[ENROLLMENTS, *rows]), "enrollment"
        ).frame

        assert frame.to_dicts() == [
            {
                "_row": 2,
                "sourced_id": "s1",
                "enrollment_start": "2026-09-08",
                "no_show": "false",
            }
        ]

    def test_schools_are_known_by_name_and_id(self):
        orgs = [ORGS, ("o1", None, "Hill, Street School", "school"), ("o2", None, "Lake", "school")]
        one = set_11({**STUDENT, "orgSourcedIds": "o1, o2"}, TEACHER, orgs=orgs)

        assert column(one, "student", "school") == ["Hill Street School,Lake,o1,o2"]
        assert column(one, "student", "school_name") == ["Hill Street School"]

    def test_without_orgs_schools_are_known_by_id(self):
        one = set_11({**STUDENT, "orgSourcedIds": "o1"}, TEACHER)

        assert column(one, "student", "school") == ["o1"]

    def test_only_users_are_people(self):
        demographics = [("sourcedId", "status", "dateLastModified", "birthDate", "sex")]
        courses = [("sourcedId", "status", "dateLastModified", "title", "courseCode")]
        profiles = [("sourcedId", "userSourcedId", "profileType", "username", "password")]
        manifest = [("propertyName", "value"), ("oneroster.version", "1.1")]
        one = set_11(
            STUDENT,
            GUARDIAN,
            demographics=demographics,
            courses=courses,
            userProfiles=profiles,
            manifest=manifest,
            orgs=[ORGS, ("o1", None, "Lakeview School", "school")],
        )

        assert [each.kind for each in recognise(one)] == ["mixed", *["other"] * 5]

    def test_users_that_are_marked_for_deletion_are_left_out_and_counted(self):
        one = found(set_11(STUDENT, {**GUARDIAN, "status": "tobedeleted"}, TEACHER))

        assert one.rows.to_list() == [2, 4]
        assert "1 record that is marked for deletion (status) left out" in one.notes

    def test_the_status_of_a_record_is_not_that_of_an_account(self):
        one = found(set_11({**STUDENT, "status": "active"}, {**TEACHER, "status": "active"}))

        assert one.fields["account_enabled"].header == "enabledUser"
        assert "enrollment_status" not in one.fields


class TestEnrollmentsOfAnOffice:
    STUDENTS = (("Student Number", "Last Name", "First Name", "Grade"), ("1", "Byrne", "Tim", "5"))
    BARE = (
        ("Student Number", "Start Date", "No Show", "Calendar"),
        ("1", "9/8/2026", "N", "26-27"),
    )
    NAMED = (("Student Number", "Student Name", "Entry Date"), ("1", "Byrne, Tim", "9/8/2026"))

    def kinds(self, **sheets):
        return {one.grid.title: one.kind for one in recognise(grids(**sheets))}

    @pytest.mark.parametrize("rows", [BARE, NAMED])
    def test_beside_students_they_are_looked_up(self, rows):
        kinds = self.kinds(Students=self.STUDENTS, Enrollments=rows)

        assert kinds == {"Students": "student", "Enrollments": "enrollment"}

    def test_alone_a_list_of_people_is_judged(self):
        assert self.kinds(Enrollments=self.NAMED) == {"Enrollments": "student"}

    def test_alone_a_list_without_people_is_not_used(self):
        assert self.kinds(Enrollments=self.BARE) == {"Enrollments": "other"}

    def test_under_another_name_nothing_is_guessed(self):
        kinds = self.kinds(Students=self.STUDENTS, Sheet2=self.BARE)

        assert kinds == {"Students": "student", "Sheet2": "other"}

    def test_their_dates_and_no_shows_are_read(self):
        [_, listed] = recognise(grids(Students=self.STUDENTS, Enrollments=self.BARE))

        assert set(listed.fields) >= {"number", "enrollment_start", "no_show"}
