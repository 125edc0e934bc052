#pragma once

#include "core/base/Task.h"
#include "core/explain/GroupedGame.h"
#include "core/explain/PlayerTree.h"

#include <cstdint>
#include <optional>

namespace limpid {

/// Patches of a picture of about equal size whose pixels are near each other and alike.
struct Superpixels {
    std::size_t height = 0, width = 0;
    std::size_t count = 0;
    std::vector<std::uint32_t> labels;   ///< [height, width]: 0 … count − 1, in the order of their first pixels

    std::vector<std::size_t> sizes() const;   ///< [count], in pixels
};

struct SuperpixelSpec {
    std::size_t segments = 0;   ///< wanted, at most one a pixel; 0: usualSegments()
    /// How much nearness counts against likeness, > 0: a side of a superpixel as much as this difference of colour, of 100 from the picture's darkest value
    /// to its lightest. More makes them squarer; 1 to 40 are usual.
    double compactness = 10.0;
    bool operator==(const SuperpixelSpec&) const = default;
};

/// 50; in small pictures such that each has 4 pixels: 16 of 8 × 8.
std::size_t usualSegments(std::size_t pixels);
/// Those that the spec wants of a picture of that size.
std::size_t wantedSegments(const SuperpixelSpec& spec, const ImageShape& shape);

/// Throws OptionInvalid (segments, compactness) where the spec does not fit pictures of that size.
void checkSuperpixels(const SuperpixelSpec& spec, const ImageShape& shape);

/// SLIC (Achanta, Shaji, Smith, Lucchi, Fua & Süsstrunk 2012, "SLIC superpixels compared to state-of-the-art superpixel methods", algorithm 1): centres
/// on a grid, moved to the least gradient of the nine pixels there; ten rounds of giving each pixel within two sides of a centre to the nearest one by
/// colour and place, and each centre the mean of its pixels. Three channels are taken for sRGB and compared in CIELAB, others as they are.
/// Connectivity: the largest connected pieces (by the four neighbours) stay, no more than were wanted and none smaller than a quarter of a
/// superpixel; each other piece joins the one it touches whose mean colour is nearest.
/// `picture` [channels, height, width] in any unit; its smallest value is black, its largest white, and NaN (missing) counts as the mean. Nothing is drawn
/// at random.
Superpixels superpixels(std::span<const double> picture, const ImageShape& shape, const SuperpixelSpec& spec, const Task& task);

/// As players of a game whose players are a picture's values [channels, height, width]: all channels of a superpixel's pixels.
std::vector<PlayerGroup> superpixelPlayers(const Superpixels& superpixels, std::size_t channels);

/// The superpixels halved by place: by where their middles lie along the longer side of what these take up (the height where both are equal), down
/// to single ones, so that neighbours stay together. As deep as sequenceTree().
PlayerTree superpixelTree(const Superpixels& superpixels);

/// The picture with each superpixel in its mean colour, channel by channel; of a superpixel without any value NaN.
std::vector<double> meanColours(std::span<const double> picture, const Superpixels& superpixels, std::size_t channels);

} // namespace limpid
