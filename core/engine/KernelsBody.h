// The loops of Kernels.cpp, included once for each width of the machine's vectors: no include guard, no includes.

void addToRows(float* __restrict to, const float* __restrict a, const float* __restrict b, std::size_t rows, std::size_t count,
               float floor)
{
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t i = 0; i < count; ++i) {
            const float sum = a[i] + b[i];
            to[i] = sum < floor ? floor : sum;
        }
        to += count;
        b += count;
    }
}

void addBias(float* __restrict y, const float* __restrict bias, std::size_t rows, std::size_t count)
{
    for (std::size_t row = 0; row < rows; ++row, y += count)
        for (std::size_t i = 0; i < count; ++i)
            y[i] += bias[i];
}

void addBiasRelu(float* __restrict y, const float* __restrict bias, std::size_t rows, std::size_t count)
{
    for (std::size_t row = 0; row < rows; ++row, y += count)
        for (std::size_t i = 0; i < count; ++i) {
            const float sum = y[i] + bias[i];
            y[i] = sum < 0.0f ? 0.0f : sum; // NaN stays NaN
        }
}

void rectify(float* __restrict to, const float* __restrict from, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        to[i] = from[i] < 0.0f ? 0.0f : from[i];
}

void gateByOutput(float* __restrict to, const float* __restrict gradient, const float* __restrict output, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        to[i] = output[i] > 0.0f ? gradient[i] : 0.0f;
}

void gateInPlace(float* __restrict gradient, const float* __restrict output, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        gradient[i] = output[i] > 0.0f ? gradient[i] : 0.0f;
}

void multiply(float* __restrict to, const float* __restrict a, const float* __restrict b, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        to[i] = a[i] * b[i];
}

void addInto(float* __restrict to, const float* __restrict from, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        to[i] += from[i];
}

void addColumnSums(float* __restrict to, const float* __restrict rowsOf, std::size_t rows, std::size_t count)
{
    for (std::size_t row = 0; row < rows; ++row, rowsOf += count)
        for (std::size_t i = 0; i < count; ++i)
            to[i] += rowsOf[i];
}

void addWeightedRows(float* __restrict to, const float* __restrict matrix, const float* __restrict weights, std::size_t rows, std::size_t count,
                     float floor)
{
    // Four rows at a time, so that sums are read and written a quarter as often.
    std::size_t row = 0;
    for (; row + 4 <= rows; row += 4, matrix += 4 * count) {
        const float a = weights[row], b = weights[row + 1], c = weights[row + 2], d = weights[row + 3];
        const float *second = matrix + count, *third = second + count, *fourth = third + count;
        for (std::size_t i = 0; i < count; ++i) {
            const float first = a * (matrix[i] < floor ? floor : matrix[i]) + b * (second[i] < floor ? floor : second[i]);
            to[i] += first + (c * (third[i] < floor ? floor : third[i]) + d * (fourth[i] < floor ? floor : fourth[i]));
        }
    }
    for (; row < rows; ++row, matrix += count)
        for (std::size_t i = 0; i < count; ++i)
            to[i] += weights[row] * (matrix[i] < floor ? floor : matrix[i]);
}
