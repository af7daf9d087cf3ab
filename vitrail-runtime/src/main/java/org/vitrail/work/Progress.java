package org.vitrail.work;

/** Is told how far long work has come; a terminal shows it, a program may ignore it. Called from any thread. */
public interface Progress {
    /** Begins a stage of {@code total} steps; the stage is closed when it is done or fails. */
    Stage begin(String name, int total);

    /** One stage of work. */
    interface Stage extends AutoCloseable {
        /** One step more is done. */
        void step();

        @Override
        void close();
    }

    /** Tells nobody. */
    static Progress none() {
        return (name, total) -> new Stage() {
            @Override
            public void step() {}

            @Override
            public void close() {}
        };
    }
}
