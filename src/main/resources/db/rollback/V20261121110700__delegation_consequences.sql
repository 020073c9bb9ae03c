-- Undoes V20261121110700__delegation_consequences.sql. Lost: no row; changes made afterwards leave no trace.
SET LOCAL lock_timeout = '200ms';
SET LOCAL statement_timeout = '30s';

DROP TRIGGER delegations_begun ON delegations;
DROP TRIGGER delegations_changed ON delegations;
DROP FUNCTION delegations_begun();
DROP FUNCTION delegations_changed();
