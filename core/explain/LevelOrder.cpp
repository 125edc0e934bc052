#include "core/explain/LevelOrder.h"

#include "core/explain/EffectGrid.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

namespace {

/// Symmetric, row-major.
struct Matrix {
    explicit Matrix(std::size_t size) : size(size), cells(size * size, 0.0) {}
    double& at(std::size_t row, std::size_t column) { return cells[row * size + column]; }
    double at(std::size_t row, std::size_t column) const { return cells[row * size + column]; }
    std::size_t size;
    std::vector<double> cells;
};

/// Adds how far the levels' distributions of the other column lie apart.
void addDistances(const EffectColumn& levels, const EffectColumn& other, Matrix& distances, Task& task)
{
    const bool ordered = other.type == ColumnType::Number || other.type == ColumnType::DateTime;
    constexpr std::size_t places = 101; // of a distribution function
    std::vector<double> borders;
    if (ordered) {
        const std::vector<double> present = presentValues(other);
        if (present.empty())
            return;
        borders = evenQuantiles(present, places);
    }
    const std::size_t width = ordered ? borders.size() : other.levels.size();
    std::vector<double> shares(distances.size * width, 0.0), counts(distances.size, 0.0);
    for (std::size_t row = 0; row < levels.values.size(); ++row) {
        const double value = other.values[row];
        if (std::isnan(levels.values[row]) || std::isnan(value))
            continue;
        const auto level = static_cast<std::size_t>(levels.values[row]);
        const std::size_t place = ordered ? static_cast<std::size_t>(std::lower_bound(borders.begin(), borders.end(), value) - borders.begin())
                                          : static_cast<std::size_t>(value);
        shares[level * width + place] += 1.0;
        counts[level] += 1.0;
    }
    for (std::size_t level = 0; level < distances.size; ++level) {
        double sum = 0.0;
        for (std::size_t place = 0; place < width; ++place) {
            double& share = shares[level * width + place];
            sum += share / std::max(1.0, counts[level]);
            share = ordered ? sum : share / std::max(1.0, counts[level]);
        }
    }
    for (std::size_t a = 0; a < distances.size; ++a) {
        task.checkpoint();
        for (std::size_t b = a + 1; b < distances.size; ++b) {
            double distance = 0.0;
            for (std::size_t place = 0; place < width; ++place) {
                const double gap = std::abs(shares[a * width + place] - shares[b * width + place]);
                distance = ordered ? std::max(distance, gap) : distance + gap / 2.0;
            }
            distances.at(a, b) += distance;
            distances.at(b, a) += distance;
        }
    }
}

/// −½ J D² J, whose leading eigenvector puts the levels on a line (Torgerson 1952).
Matrix doublyCentred(const Matrix& distances)
{
    const std::size_t size = distances.size;
    Matrix squares(size);
    std::vector<double> means(size, 0.0);
    double mean = 0.0;
    for (std::size_t a = 0; a < size; ++a) {
        for (std::size_t b = 0; b < size; ++b) {
            squares.at(a, b) = distances.at(a, b) * distances.at(a, b);
            means[a] += squares.at(a, b) / static_cast<double>(size);
        }
        mean += means[a] / static_cast<double>(size);
    }
    for (std::size_t a = 0; a < size; ++a)
        for (std::size_t b = 0; b < size; ++b)
            squares.at(a, b) = -0.5 * (squares.at(a, b) - means[a] - means[b] + mean);
    return squares;
}

/// By Jacobi's rotations (Golub and Van Loan, section 8.5), of the largest eigenvalue.
std::vector<double> leadingVector(Matrix matrix, Task& task)
{
    const std::size_t size = matrix.size;
    Matrix vectors(size);
    for (std::size_t i = 0; i < size; ++i)
        vectors.at(i, i) = 1.0;
    double whole = 0.0;
    for (const double cell : matrix.cells)
        whole += cell * cell;
    constexpr int sweeps = 50;
    for (int sweep = 0; sweep < sweeps; ++sweep) {
        double off = 0.0;
        for (std::size_t p = 0; p < size; ++p) {
            task.checkpoint();
            for (std::size_t q = p + 1; q < size; ++q) {
                const double cell = matrix.at(p, q);
                off += cell * cell;
                if (cell == 0.0)
                    continue;
                const double theta = (matrix.at(q, q) - matrix.at(p, p)) / (2.0 * cell);
                const double t = (theta >= 0.0 ? 1.0 : -1.0) / (std::abs(theta) + std::sqrt(theta * theta + 1.0));
                const double c = 1.0 / std::sqrt(t * t + 1.0), s = t * c;
                for (std::size_t k = 0; k < size; ++k) {
                    const double kp = matrix.at(k, p), kq = matrix.at(k, q);
                    matrix.at(k, p) = c * kp - s * kq;
                    matrix.at(k, q) = s * kp + c * kq;
                }
                for (std::size_t k = 0; k < size; ++k) {
                    const double pk = matrix.at(p, k), qk = matrix.at(q, k);
                    matrix.at(p, k) = c * pk - s * qk;
                    matrix.at(q, k) = s * pk + c * qk;
                    const double kp = vectors.at(k, p), kq = vectors.at(k, q);
                    vectors.at(k, p) = c * kp - s * kq;
                    vectors.at(k, q) = s * kp + c * kq;
                }
            }
        }
        if (off <= 1e-24 * whole)
            break;
    }
    std::size_t best = 0;
    for (std::size_t i = 1; i < size; ++i) {
        if (matrix.at(i, i) > matrix.at(best, best))
            best = i;
    }
    std::vector<double> vector(size);
    for (std::size_t i = 0; i < size; ++i)
        vector[i] = vectors.at(i, best);
    return vector;
}

} // namespace

std::vector<std::size_t> levelOrder(const EffectRows& model, std::size_t column, Task& task)
{
    const std::vector<EffectColumn>& columns = model.columns();
    const std::size_t levels = columns[column].levels.size();
    std::vector<std::size_t> order(levels);
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (levels <= 2)
        return order;
    if (levels > maxOrderedLevels)
        throw Error(ErrorCode::OptionInvalid, {{"name", "columns"}, {"value", columns[column].name},
                                               {"expected", "<= " + std::to_string(maxOrderedLevels)}});
    Matrix distances(levels);
    for (std::size_t other = 0; other < columns.size(); ++other) {
        if (other != column && columns[other].type != ColumnType::Text)
            addDistances(columns[column], columns[other], distances, task);
    }
    std::vector<double> line = leadingVector(doublyCentred(distances), task);
    if (line[0] > 0.0) {
        for (double& place : line)
            place = -place;
    }
    // Places that differ by rounding alone are one.
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return std::round(line[a] * 1e9) < std::round(line[b] * 1e9); });
    return order;
}

} // namespace limpid
