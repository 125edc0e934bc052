#include "core/explain/Superpixels.h"

#include "core/base/OptionErrors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace limpid {

namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
constexpr int rounds = 10;

/// CIELAB of an sRGB colour of 0 … 1, white point D65 (IEC 61966-2-1; CIE 15): L 0 … 100.
std::array<double, 3> labOf(double red, double green, double blue)
{
    const auto linear = [](double value) { return value > 0.04045 ? std::pow((value + 0.055) / 1.055, 2.4) : value / 12.92; };
    const double r = linear(red), g = linear(green), b = linear(blue);
    const auto root = [](double value) { return value > 0.008856 ? std::cbrt(value) : 7.787 * value + 16.0 / 116.0; };
    const double x = root((0.412453 * r + 0.357580 * g + 0.180423 * b) / 0.95047);
    const double y = root(0.212671 * r + 0.715160 * g + 0.072169 * b);
    const double z = root((0.019334 * r + 0.119193 * g + 0.950227 * b) / 1.08883);
    return {116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)};
}

/// [pixels, channels]: colours whose distances go by what one sees, black 0 and white 100 apart.
std::vector<double> coloursOf(std::span<const double> picture, const ImageShape& shape)
{
    const std::size_t pixels = shape.height * shape.width;
    double low = std::numeric_limits<double>::infinity(), high = -low, sum = 0.0;
    std::size_t known = 0;
    for (const double value : picture) {
        if (!std::isfinite(value))
            continue;
        low = std::min(low, value);
        high = std::max(high, value);
        sum += value;
        ++known;
    }
    const double mean = known > 0 ? sum / static_cast<double>(known) : 0.0;
    std::vector<double> colours(pixels * shape.channels, 0.0);
    if (!(high > low))
        return colours;
    for (std::size_t channel = 0; channel < shape.channels; ++channel) {
        for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
            const double value = picture[channel * pixels + pixel];
            colours[pixel * shape.channels + channel] = ((std::isfinite(value) ? value : mean) - low) / (high - low);
        }
    }
    if (shape.channels != 3) {
        for (double& colour : colours)
            colour *= 100.0;
        return colours;
    }
    for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
        double* const colour = colours.data() + pixel * 3;
        const std::array<double, 3> lab = labOf(colour[0], colour[1], colour[2]);
        std::copy(lab.begin(), lab.end(), colour);
    }
    return colours;
}

double squaredDistance(const double* a, const double* b, std::size_t channels)
{
    double sum = 0.0;
    for (std::size_t k = 0; k < channels; ++k)
        sum += (a[k] - b[k]) * (a[k] - b[k]);
    return sum;
}

/// The four neighbours of a pixel.
template<typename Use>
void forNeighbours(std::size_t pixel, std::size_t height, std::size_t width, const Use& use)
{
    const std::size_t row = pixel / width, column = pixel % width;
    if (row > 0)
        use(pixel - width);
    if (column > 0)
        use(pixel - 1);
    if (column + 1 < width)
        use(pixel + 1);
    if (row + 1 < height)
        use(pixel + width);
}

struct Centre {
    double row = 0.0, column = 0.0;
    std::vector<double> colour;
};

class Slic
{
public:
    Slic(std::span<const double> picture, const ImageShape& shape, const SuperpixelSpec& spec, const Task& task)
        : m_shape(shape), m_task(task), m_colours(coloursOf(picture, shape)), m_wanted(wantedSegments(spec, shape)),
          m_side(std::sqrt(static_cast<double>(shape.height * shape.width) / static_cast<double>(m_wanted))), m_compactness(spec.compactness)
    {
    }

    Superpixels found()
    {
        place();
        m_labels.assign(pixels(), none);
        for (int round = 0; round < rounds; ++round) {
            const std::vector<std::uint32_t> before = m_labels;
            assign();
            if (m_labels == before)
                break;
            move();
        }
        return connected();
    }

private:
    std::size_t pixels() const { return m_shape.height * m_shape.width; }
    const double* colour(std::size_t pixel) const { return m_colours.data() + pixel * m_shape.channels; }

    /// Exactly as many as wanted, in rows that are as long as can be alike.
    void place()
    {
        const double ratio = static_cast<double>(m_shape.height) / static_cast<double>(m_shape.width);
        const auto lines = std::clamp<std::size_t>(static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(m_wanted) * ratio))), 1,
                                                   std::min(m_shape.height, m_wanted));
        for (std::size_t line = 0; line < lines; ++line) {
            const std::size_t first = line * m_wanted / lines, next = (line + 1) * m_wanted / lines;
            const std::size_t row = (2 * line + 1) * m_shape.height / (2 * lines);
            for (std::size_t k = 0; k < next - first; ++k)
                add(row, (2 * k + 1) * m_shape.width / (2 * (next - first)));
        }
    }

    void add(std::size_t row, std::size_t column)
    {
        std::size_t best = row * m_shape.width + column;
        double least = gradient(row, column);
        for (std::size_t y = row > 0 ? row - 1 : 0; y <= std::min(row + 1, m_shape.height - 1); ++y) {
            for (std::size_t x = column > 0 ? column - 1 : 0; x <= std::min(column + 1, m_shape.width - 1); ++x) {
                if (const double own = gradient(y, x); own < least) {
                    least = own;
                    best = y * m_shape.width + x;
                }
            }
        }
        m_centres.push_back({static_cast<double>(best / m_shape.width), static_cast<double>(best % m_shape.width),
                             std::vector<double>(colour(best), colour(best) + m_shape.channels)});
    }

    double gradient(std::size_t row, std::size_t column) const
    {
        const auto at = [&](std::size_t y, std::size_t x) { return colour(y * m_shape.width + x); };
        const std::size_t up = row > 0 ? row - 1 : row, down = std::min(row + 1, m_shape.height - 1);
        const std::size_t left = column > 0 ? column - 1 : column, right = std::min(column + 1, m_shape.width - 1);
        return squaredDistance(at(row, left), at(row, right), m_shape.channels) + squaredDistance(at(up, column), at(down, column), m_shape.channels);
    }

    void assign()
    {
        const double nearness = m_compactness * m_compactness / (m_side * m_side), reach = 2.0 * m_side;
        std::vector<double> least(pixels(), std::numeric_limits<double>::infinity());
        const auto from = [reach](double middle) { return static_cast<std::size_t>(std::max(0.0, std::ceil(middle - reach))); };
        const auto to = [reach](double middle, std::size_t length) {
            return std::min(length - 1, static_cast<std::size_t>(std::floor(middle + reach)));
        };
        for (std::size_t k = 0; k < m_centres.size(); ++k) {
            m_task.checkpoint();
            const Centre& centre = m_centres[k];
            for (std::size_t y = from(centre.row); y <= to(centre.row, m_shape.height); ++y) {
                const double down = static_cast<double>(y) - centre.row;
                for (std::size_t x = from(centre.column); x <= to(centre.column, m_shape.width); ++x) {
                    const double across = static_cast<double>(x) - centre.column;
                    const std::size_t pixel = y * m_shape.width + x;
                    const double distance = squaredDistance(colour(pixel), centre.colour.data(), m_shape.channels)
                                            + nearness * (down * down + across * across);
                    if (distance < least[pixel]) {
                        least[pixel] = distance;
                        m_labels[pixel] = static_cast<std::uint32_t>(k);
                    }
                }
            }
        }
    }

    void move()
    {
        std::vector<Centre> sums(m_centres.size(), {0.0, 0.0, std::vector<double>(m_shape.channels, 0.0)});
        std::vector<double> counts(m_centres.size(), 0.0);
        for (std::size_t pixel = 0; pixel < pixels(); ++pixel) {
            if (m_labels[pixel] == none)
                continue;
            Centre& sum = sums[m_labels[pixel]];
            sum.row += static_cast<double>(pixel / m_shape.width);
            sum.column += static_cast<double>(pixel % m_shape.width);
            for (std::size_t k = 0; k < m_shape.channels; ++k)
                sum.colour[k] += colour(pixel)[k];
            counts[m_labels[pixel]] += 1.0;
        }
        for (std::size_t k = 0; k < m_centres.size(); ++k) {
            if (counts[k] == 0.0)
                continue; // stays where it is
            m_centres[k] = std::move(sums[k]);
            m_centres[k].row /= counts[k];
            m_centres[k].column /= counts[k];
            for (double& value : m_centres[k].colour)
                value /= counts[k];
        }
    }

    /// Pieces of one label by the four neighbours, in the order of their first pixels.
    void findPieces()
    {
        m_piece.assign(pixels(), none);
        std::vector<std::size_t> open;
        for (std::size_t start = 0; start < pixels(); ++start) {
            if (m_piece[start] != none)
                continue;
            const auto piece = static_cast<std::uint32_t>(m_members.size());
            std::vector<std::size_t>& members = m_members.emplace_back();
            m_piece[start] = piece;
            open.assign(1, start);
            while (!open.empty()) {
                const std::size_t pixel = open.back();
                open.pop_back();
                members.push_back(pixel);
                forNeighbours(pixel, m_shape.height, m_shape.width, [&](std::size_t next) {
                    if (m_piece[next] == none && m_labels[next] == m_labels[start]) {
                        m_piece[next] = piece;
                        open.push_back(next);
                    }
                });
            }
        }
    }

    std::vector<double> meanOf(const std::vector<std::size_t>& members) const
    {
        std::vector<double> mean(m_shape.channels, 0.0);
        for (const std::size_t pixel : members) {
            for (std::size_t k = 0; k < m_shape.channels; ++k)
                mean[k] += colour(pixel)[k] / static_cast<double>(members.size());
        }
        return mean;
    }

    Superpixels connected()
    {
        findPieces();
        std::vector<std::uint32_t> bySize(m_members.size());
        std::iota(bySize.begin(), bySize.end(), 0U);
        std::stable_sort(bySize.begin(), bySize.end(), [this](std::uint32_t a, std::uint32_t b) { return m_members[a].size() > m_members[b].size(); });
        std::vector<bool> stays(m_members.size(), false);
        for (std::size_t i = 0; i < bySize.size(); ++i)
            stays[bySize[i]] = i == 0 || (i < m_wanted && 4.0 * static_cast<double>(m_members[bySize[i]].size()) >= m_side * m_side);
        std::vector<std::uint32_t> joined(m_members.size(), none);   // what each piece has become part of
        std::vector<std::vector<double>> means;
        for (std::uint32_t piece = 0; piece < joined.size(); ++piece) {
            means.push_back(meanOf(m_members[piece]));
            if (stays[piece])
                joined[piece] = piece;
        }
        for (bool left = true; left;) { // a piece may touch only such as have no home yet
            left = false;
            const std::vector<std::uint32_t> before = joined;
            for (std::uint32_t piece = 0; piece < joined.size(); ++piece) {
                m_task.checkpoint();
                if (before[piece] != none)
                    continue;
                left = true;
                double least = std::numeric_limits<double>::infinity();
                for (const std::size_t pixel : m_members[piece]) {
                    forNeighbours(pixel, m_shape.height, m_shape.width, [&](std::size_t next) {
                        const std::uint32_t home = before[m_piece[next]];
                        if (home == none)
                            return;
                        const double distance = squaredDistance(means[piece].data(), means[home].data(), m_shape.channels);
                        if (distance < least || (distance == least && home < joined[piece])) {
                            least = distance;
                            joined[piece] = home;
                        }
                    });
                }
            }
        }
        Superpixels result{m_shape.height, m_shape.width, 0, std::vector<std::uint32_t>(pixels())};
        std::vector<std::uint32_t> number(joined.size(), none);
        for (std::size_t pixel = 0; pixel < pixels(); ++pixel) {
            std::uint32_t& own = number[joined[m_piece[pixel]]];
            if (own == none)
                own = static_cast<std::uint32_t>(result.count++);
            result.labels[pixel] = own;
        }
        return result;
    }

    const ImageShape& m_shape;
    const Task& m_task;
    std::vector<double> m_colours;
    std::size_t m_wanted;
    double m_side;                 ///< of a superpixel, if they were squares
    double m_compactness;
    std::vector<Centre> m_centres;
    std::vector<std::uint32_t> m_labels, m_piece;
    std::vector<std::vector<std::size_t>> m_members;   ///< pixels of each piece
};

/// Adds the splits over these superpixels and gives the node.
std::size_t addNode(PlayerTree& tree, const std::vector<std::array<double, 2>>& middles, std::span<std::size_t> players)
{
    if (players.size() == 1)
        return players.front();
    const auto reach = [&](std::size_t axis) {
        const auto [low, high] = std::minmax_element(players.begin(), players.end(),
                                                     [&](std::size_t a, std::size_t b) { return middles[a][axis] < middles[b][axis]; });
        return middles[*high][axis] - middles[*low][axis];
    };
    const std::size_t axis = reach(0) >= reach(1) ? 0 : 1;
    std::sort(players.begin(), players.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(middles[a][axis], a) < std::pair(middles[b][axis], b);
    });
    const std::size_t half = players.size() / 2;
    const std::size_t left = addNode(tree, middles, players.first(half)), right = addNode(tree, middles, players.subspan(half));
    tree.splits.push_back({left, right, 0.0});
    return tree.nodes() - 1;
}

} // namespace

std::vector<std::size_t> Superpixels::sizes() const
{
    std::vector<std::size_t> counts(count, 0);
    for (const std::uint32_t label : labels)
        ++counts[label];
    return counts;
}

std::size_t usualSegments(std::size_t pixels)
{
    constexpr std::size_t usual = 50, leastPixels = 4;
    return std::clamp<std::size_t>(pixels / leastPixels, 1, usual);
}

std::size_t wantedSegments(const SuperpixelSpec& spec, const ImageShape& shape)
{
    return spec.segments > 0 ? spec.segments : usualSegments(shape.height * shape.width);
}

void checkSuperpixels(const SuperpixelSpec& spec, const ImageShape& shape)
{
    const std::size_t pixels = shape.height * shape.width;
    if (spec.segments > pixels)
        throwOptionInvalid("segments", std::to_string(spec.segments), "1 … " + std::to_string(pixels));
    if (!(spec.compactness > 0.0) || !std::isfinite(spec.compactness))
        throwOptionInvalid("compactness", std::to_string(spec.compactness), "> 0");
}

Superpixels superpixels(std::span<const double> picture, const ImageShape& shape, const SuperpixelSpec& spec, const Task& task)
{
    checkSuperpixels(spec, shape);
    return Slic(picture, shape, spec, task).found();
}

std::vector<PlayerGroup> superpixelPlayers(const Superpixels& superpixels, std::size_t channels)
{
    std::vector<PlayerGroup> players(superpixels.count);
    for (std::size_t k = 0; k < players.size(); ++k)
        players[k].name = std::to_string(k);
    for (std::size_t channel = 0; channel < channels; ++channel) {
        for (std::size_t pixel = 0; pixel < superpixels.labels.size(); ++pixel)
            players[superpixels.labels[pixel]].players.push_back(channel * superpixels.labels.size() + pixel);
    }
    return players;
}

PlayerTree superpixelTree(const Superpixels& superpixels)
{
    std::vector<std::array<double, 2>> middles(superpixels.count, {0.0, 0.0});
    const std::vector<std::size_t> sizes = superpixels.sizes();
    for (std::size_t pixel = 0; pixel < superpixels.labels.size(); ++pixel) {
        const std::uint32_t own = superpixels.labels[pixel];
        middles[own][0] += static_cast<double>(pixel / superpixels.width) / static_cast<double>(sizes[own]);
        middles[own][1] += static_cast<double>(pixel % superpixels.width) / static_cast<double>(sizes[own]);
    }
    PlayerTree tree;
    tree.players = superpixels.count;
    std::vector<std::size_t> players(superpixels.count);
    std::iota(players.begin(), players.end(), std::size_t{0});
    if (!players.empty())
        addNode(tree, middles, players);
    return tree;
}

std::vector<double> meanColours(std::span<const double> picture, const Superpixels& superpixels, std::size_t channels)
{
    const std::size_t pixels = superpixels.labels.size();
    std::vector<double> result(channels * pixels);
    for (std::size_t channel = 0; channel < channels; ++channel) {
        std::vector<double> sums(superpixels.count, 0.0), known(superpixels.count, 0.0);
        for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
            const double value = picture[channel * pixels + pixel];
            if (std::isnan(value))
                continue;
            sums[superpixels.labels[pixel]] += value;
            known[superpixels.labels[pixel]] += 1.0;
        }
        for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
            const std::uint32_t own = superpixels.labels[pixel];
            result[channel * pixels + pixel] = known[own] > 0.0 ? sums[own] / known[own] : std::numeric_limits<double>::quiet_NaN();
        }
    }
    return result;
}

} // namespace limpid
