/** Organisations: import, export, templates and the history of imports. One way in: {@link io.rollcall.organisation.OrgImporter}. */
@NullMarked
package io.rollcall.organisation;

import org.jspecify.annotations.NullMarked;
