/** What agents run on: the files they were started with and the skills they have, and where these differ from what they should be. */
@NullMarked
package io.rollcall.drift;

import org.jspecify.annotations.NullMarked;
