package org.vitrail.work;

/** Receives the progress of long work, to show it on a terminal for instance. Methods may be called from any thread. */
public interface Progress {
    /** Begins a stage of {@code total} steps; the stage is closed when it is done or fails. */
    Stage begin(String name, int total);

    /** Warns, in one sentence, of something that the user should look at before the work goes on. */
    default void warn(String sentence) {}

    /** One stage of work. */
    interface Stage extends AutoCloseable {
        /** Reports one more finished step. */
        void step();

        @Override
        void close();
    }

    /** Returns a progress that ignores all reports. */
    static Progress none() {
        return (name, total) -> new Stage() {
            @Override
            public void step() {}

            @Override
            public void close() {}
        };
    }
}
