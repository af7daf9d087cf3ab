package org.vitrail.ort;

import org.vitrail.engine.EngineProvider;
import org.vitrail.engine.EngineProviderContractTest;

class OrtProviderTest extends EngineProviderContractTest {
    @Override
    protected EngineProvider provider() {
        return new OrtProvider();
    }
}
