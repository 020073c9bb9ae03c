/** Other systems' databases: what stands in the way of taking one over, and taking it over. */
@org.jspecify.annotations.NullMarked
package io.rollcall.adoption;
