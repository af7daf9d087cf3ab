package org.vitrail.linalg;

import org.bytedeco.openblas.global.openblas;

/**
 * Multiplies and decomposes row-major float32 matrices with OpenBLAS. Each call uses one thread: callers run
 * independent products in parallel, so that the order of additions, and with it every bit of the result, does not
 * depend on the number of threads.
 */
public final class LinearAlgebra {
    static {
        OpenBlas.start();
    }

    private LinearAlgebra() {}

    /** Returns A·B for A [m × k] and B [k × n]. */
    public static float[] multiply(float[] a, float[] b, int m, int k, int n) {
        return NativeMatrices.multiply(openblas.CblasNoTrans, openblas.CblasNoTrans, a, b, m, k, n, k, n);
    }

    /** Returns Aᵀ·B for A [k × m] and B [k × n]. */
    public static float[] multiplyTransposed(float[] a, float[] b, int k, int m, int n) {
        return NativeMatrices.multiply(openblas.CblasTrans, openblas.CblasNoTrans, a, b, m, k, n, m, n);
    }

    /** Returns A·Bᵀ for A [m × k] and B [n × k]. */
    public static float[] multiplyByTransposed(float[] a, float[] b, int m, int k, int n) {
        return NativeMatrices.multiply(openblas.CblasNoTrans, openblas.CblasTrans, a, b, m, k, n, k, k);
    }

    /**
     * Replaces a symmetric positive definite matrix [n × n] by its inverse; throws where it is not positive definite.
     */
    public static void invertPositive(double[] a, int n) {
        check(openblas.LAPACKE_dpotrf(openblas.LAPACK_ROW_MAJOR, (byte) 'U', n, a, n));
        check(openblas.LAPACKE_dpotri(openblas.LAPACK_ROW_MAJOR, (byte) 'U', n, a, n));
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                a[i * n + j] = a[j * n + i];
            }
        }
    }

    /** Replaces a symmetric positive definite matrix A [n × n] by the upper triangular U with UᵀU = A. */
    public static void choleskyUpper(double[] a, int n) {
        check(openblas.LAPACKE_dpotrf(openblas.LAPACK_ROW_MAJOR, (byte) 'U', n, a, n));
    }

    /**
     * Returns the nuclear norm of A [rows × columns]: the sum of its singular values, computed in double as the square
     * roots of the eigenvalues of its Gram matrix.
     */
    public static double nuclearNorm(float[] a, int rows, int columns) {
        int n = Math.min(rows, columns);
        if (n == 0) {
            return 0;
        }
        double[] wide = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            wide[i] = a[i];
        }
        double[] gram = new double[n * n];
        openblas.cblas_dsyrk(
                openblas.CblasRowMajor,
                openblas.CblasUpper,
                rows <= columns ? openblas.CblasNoTrans : openblas.CblasTrans,
                n,
                Math.max(rows, columns),
                1,
                wide,
                columns,
                0,
                gram,
                n);
        double[] eigenvalues = new double[n];
        int info = openblas.LAPACKE_dsyevd(openblas.LAPACK_ROW_MAJOR, (byte) 'N', (byte) 'U', n, gram, n, eigenvalues);
        if (info != 0) {
            throw new ArithmeticException(
                    "the singular values of a matrix could not be computed (LAPACK info " + info + ")");
        }
        double sum = 0;
        for (double eigenvalue : eigenvalues) {
            sum += Math.sqrt(Math.max(0, eigenvalue));
        }
        return sum;
    }

    private static void check(int info) {
        if (info != 0) {
            throw new ArithmeticException("the matrix is not positive definite (LAPACK info " + info + ")");
        }
    }

    /** Returns the inner product, summed in double. */
    public static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
