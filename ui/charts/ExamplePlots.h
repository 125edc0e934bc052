#pragma once

#include "core/explain/CounterfactualOutcome.h"
#include "ui/charts/Plot.h"

#include <QStringList>

namespace limpid {

// Explanations of one example that is not a row of numbers, drawn over the example itself: what raises the prediction in one
// colour, what lowers it in the other, both on one scale around 0.

struct ImageExplanation {
    std::size_t height = 0, width = 0;
    std::size_t channels = 1;                 ///< 1: grey; 3: red, green, blue
    std::vector<float> pixels;                ///< [height, width, channels], in any unit: the smallest is drawn black, the largest white
    struct Output {
        QString name;
        double prediction = 0.0;
        std::vector<double> contributions;    ///< [height, width]; NaN: none. Where there are segments, of a pixel's whole segment
        std::vector<double> errors = {};      ///< [height, width]: standard errors; 0: none is told; empty: of none
    };
    std::vector<Output> outputs;
    std::vector<std::uint32_t> segments = {};   ///< [height, width]: superpixels, which are outlined; empty: there are none
    double most = 0.0;                          ///< the size at which the scale ends; 0: as the sizes are
};
/// The image, and beside it, for each output, the contributions over its faint copy. Of the sizes, one scale for all outputs: to
/// `most`, or else the 99.9th percentile, so that a single pixel does not pale the others. An item is output · (height · width) + pixel; of the
/// image itself (outputs) · (height · width) + pixel. A segment counts once, not pixel by pixel. Throws Error OptionInvalid where a size does not fit.
std::unique_ptr<Plot> makeImageOverlay(ImageExplanation explanation);

struct TextExplanation {
    struct Span {
        qsizetype begin = 0, end = 0;         ///< of the text's UTF-16 units
        double value = 0.0;
        double error = 0.0;                   ///< standard error; 0: none is told
    };
    QString text;
    std::vector<Span> spans;                  ///< ascending, without overlap; what lies outside the text is left out
    QString output;
    double base = 0.0, prediction = 0.0;      ///< NaN: not told
    bool wordless = false;                    ///< the base is the prediction without any word, not an average
};
/// The text, wrapped, with the words' backgrounds by what they contribute, and the scale below. An item is a span.
std::unique_ptr<Plot> makeTextHighlight(TextExplanation explanation);

struct Counterfactuals {
    QStringList columns;
    QStringList row;                          ///< its cells as text; empty: missing
    QString prediction;
    struct Alternative { QStringList cells; QString prediction; };
    std::vector<Alternative> alternatives;
    QStringList locked;                       ///< columns that were not to change
};
/// The row and its alternatives side by side, a column of the table a line: what changes stands out, first the columns that
/// change most often. An item is line · (1 + alternatives) + 0 for the row's own cell or 1 + alternative.
std::unique_ptr<Plot> makeCounterfactualDiff(Counterfactuals counterfactuals);
std::unique_ptr<Plot> makeCounterfactualDiff(const CounterfactualOutcome& outcome);

} // namespace limpid
