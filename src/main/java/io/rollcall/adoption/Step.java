package io.rollcall.adoption;

import java.sql.SQLException;

/** A part of an adoption that may be run again, whether it was done, cut off or never begun. */
record Step(String name, Work work) {

    interface Work {
        void run(Progress progress) throws SQLException;
    }
}
