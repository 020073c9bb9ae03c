/**
 * What happened, as the people and agents of a workspace read it: its activity log, the inbox of answers to what it asked,
 * and how much of both waits. Ledger rows come from the ledger's triggers; only agents' own rows are written here.
 */
@NullMarked
package io.rollcall.activity;

import org.jspecify.annotations.NullMarked;
