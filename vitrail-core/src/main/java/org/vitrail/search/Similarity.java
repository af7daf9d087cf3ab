package org.vitrail.search;

/** The similarity of a quantized output to the float one; larger is better. */
public enum Similarity {
    /** Pearson's correlation Γ(O, Ô) [P eq. 8]. */
    PEARSON {
        @Override
        public double score(Moments m) {
            double varianceO = m.sumOO() - m.sumO() * m.sumO() / m.count();
            double covarianceOE = m.sumOE() - m.sumO() * m.sumE() / m.count();
            double varianceE = m.sumEE() - m.sumE() * m.sumE() / m.count();
            return correlation(varianceO, covarianceOE, varianceE);
        }
    },
    /** The cosine of the angle between O and Ô (EasyQuant, PTQ4ViT): correlation without centring. */
    COSINE {
        @Override
        public double score(Moments m) {
            return correlation(m.sumOO(), m.sumOE(), m.sumEE());
        }
    },
    /** −‖O − Ô‖². */
    SQUARED_ERROR {
        @Override
        public double score(Moments m) {
            return -m.sumEE();
        }
    };

    public abstract double score(Moments m);

    /** ⟨O, O + E⟩ / (‖O‖ ‖O + E‖) from ⟨O, O⟩, ⟨O, E⟩ and ⟨E, E⟩; 0 where either side vanishes. */
    private static double correlation(double oo, double oe, double ee) {
        double norm = Math.sqrt(oo * (oo + 2 * oe + ee));
        return norm > 0 ? (oo + oe) / norm : 0;
    }
}
