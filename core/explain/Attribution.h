#pragma once

#include "core/model/Differentiable.h"

namespace limpid {

struct Quadrature;

// The methods that look at a network's gradients. Each answers in the user's columns: what the values of a point contribute is summed over those
// that one column became.

struct AttributionSpec {
    std::string method = "deeplift";   ///< attributionMethods()
    /// Gradients a row: steps of integrated-gradients, draws of smoothgrad; 0: 50. Of linear-correlated coalitions; 0: those of leverage.
    std::size_t budget = 0;
    std::string baseline = "mean";     ///< of integrated-gradients: "mean" of the background's points, or "zero"
    std::string quadrature = "gauss-legendre"; ///< of integrated-gradients: quadratures()
    bool isSigned = false;             ///< saliency: the gradients themselves, not their sizes; grad-cam: what speaks against, too
    std::string layer = "";            ///< grad-cam, guided-grad-cam: of DifferentiablePredictor::pictureLayers(); "": the last
    std::string upsampling = "bilinear";   ///< of those two, from the layer's size to the picture's: "bilinear" or "nearest"
    double noise = 0.15;               ///< of smoothgrad: its deviation as a share of the background's range, value by value; > 0
    std::uint64_t seed = 1;            ///< of smoothgrad and linear-correlated
};

struct Attributions {
    std::vector<double> base;          ///< [outputs]: what the contributions start from; of methods that do not add up the background's mean
    std::vector<double> predictions;   ///< [rows, outputs]
    std::vector<double> values;        ///< [rows, outputs, players]
    std::vector<double> errors;        ///< same: standard errors; 0 where nothing is drawn or left out
    std::vector<bool> topResolved;     ///< see ShapleyValues
    std::vector<std::uint32_t> segments;   ///< of superpixels: see Explanation::segments
    std::vector<double> fit;           ///< [rows, outputs]: of lime, the weighted R² of each row's linear model; else empty
    std::uint64_t evaluations = 0;     ///< gradients a row, or for deeplift pairs, for lime samples, for linear-correlated coalitions
    std::vector<LayerLeak> ledger;     ///< deeplift only
};

/// "deeplift" …
const std::vector<std::string>& attributionMethods();
bool isAttributionMethod(const std::string& method);
/// "gauss-legendre", and the Riemann sums: "left", "middle", "right", "trapezoid".
const std::vector<std::string>& quadratures();
/// grad-cam and guided-grad-cam, which look at a layer of a network of pictures.
bool isGradCam(const std::string& method);
/// Whether what the method gives, one of these or one that plays a game of columns, adds up to the prediction less the base.
bool addsUp(const std::string& method);
/// Whether it gives Shapley values (SHAP), exactly or by estimate.
bool isShapley(const std::string& method);
/// Whether Explanation::evaluations are gradients, or passes, not coalitions or samples.
bool countsGradients(const std::string& method);
/// Gradients a row, or for deeplift pairs, or for linear-correlated coalitions of so many columns.
std::uint64_t plannedGradients(const AttributionSpec& spec, std::size_t backgroundRows, std::size_t columns);

/// Throws OptionInvalid (method, also where the model gives no gradients by column, or for isGradCam() where it takes no pictures;
/// baseline; quadrature; noise; layer; upsampling; budget), OptionUnused (budget).
void checkAttribution(const AttributionSpec& spec, const Predictor& predictor);

/// `background`: at least one row. `weights`: how much each counts, their sum 1; empty: all the same. Throws as checkAttribution() does.
Attributions attributions(const Predictor& predictor, const Features& rows, const Features& background, OutputSpace space,
                          const AttributionSpec& spec, Task& task, std::span<const double> weights = {});

/// What each method works on.
struct AttributionSetting {
    const DifferentiablePredictor& predictor;
    const Points& rows;
    const Points& background;
    OutputSpace space;
    std::span<const double> weights = {};   ///< of the background's rows: see attributions()
    double weight(std::size_t reference) const { return weights.empty() ? 1.0 / static_cast<double>(background.rows) : weights[reference]; }
    std::size_t players() const { return predictor.pipeline().groups().size(); }
    std::size_t outputs() const { return predictor.outputCount(space); }
};

/// DeepLIFT against every background row, meaned ("DeepSHAP"), with its ledger.
Attributions deepLift(const AttributionSetting& setting, Task& task);

/// (x − baseline) · the mean gradient on the straight line between them (Sundararajan et al. 2017, equation 1), by `rule`, of
/// which `evaluations` is the number of nodes. base: the prediction at the baseline. `baseline`: one point.
Attributions integratedGradients(const AttributionSetting& setting, const Points& baseline, const Quadrature& rule, Task& task);

/// Integrated gradients meaned over all background rows as baselines (Erion et al. 2021), each line by Gauss–Kronrod's 15 nodes. The error of a value
/// comes from what the 7 nodes of Gauss within them give instead, line by line.
Attributions expectedGradients(const AttributionSetting& setting, Task& task);

/// The gradient at the row (Simonyan et al. 2014): the sum over a column's values of its sizes, or signed.
Attributions saliency(const AttributionSetting& setting, bool isSigned, Task& task);
/// x · gradient.
Attributions inputTimesGradient(const AttributionSetting& setting, Task& task);
/// The signed gradient as BackwardRule::Guided or Deconvolution has it pass each ReLU.
Attributions backpropagation(const AttributionSetting& setting, BackwardRule rule, Task& task);

/// The mean of `draws` gradients at the row with normal noise on it (Smilkov et al. 2017), signed, with standard errors. Noise of value j:
/// noise · (largest − smallest of the background). The draws are the same for each row.
Attributions smoothGrad(const AttributionSetting& setting, std::size_t draws, double noise, std::uint64_t seed, Task& task);

/// How a map becomes as large as the picture, both being pixels that fill the same square: PyTorch's "bilinear" (align_corners false) and "nearest".
enum class Upsampling { Bilinear, Nearest };

/// Grad-CAM: activationMaps() of a layer, without what speaks against the output unless `isSigned`, spread over the
/// picture's pixels; every channel of a pixel gets its pixel's value. For models of pictures (Predictor::image()).
Attributions gradCam(const AttributionSetting& setting, const std::string& layer, Upsampling upsampling, bool isSigned, Task& task);
/// Guided Grad-CAM (Selvaraju et al. 2017, section 3.3): guided backpropagation · Grad-CAM, pixel by pixel.
Attributions guidedGradCam(const AttributionSetting& setting, const std::string& layer, Upsampling upsampling, Task& task);

/// [height, width] to another size.
std::vector<double> resized(const double* map, std::size_t height, std::size_t width, std::size_t toHeight, std::size_t toWidth, Upsampling upsampling);

/// Shapley values of a model that is linear in its points, exactly: see linearShapley(). Throws OptionInvalid (method) where the gradient
/// at the rows and at some of the background differs.
Attributions linearAttributions(const AttributionSetting& setting, Task& task);

/// Correlation-dependent Shapley values of such a model: of a CorrelatedLinearGame with the background's moments. By all coalitions for up to
/// `enumeratedColumns` columns, else by leverageShap(), with errors. Throws as linearAttributions() does, and OptionInvalid (budget).
inline constexpr std::size_t enumeratedColumns = 8;
Attributions correlatedLinearAttributions(const AttributionSetting& setting, std::size_t budget, std::uint64_t seed, Task& task);

/// Gradients of `count` points, made by fill(index, point) and used up by use(index, outputs [outputs], gradients [outputs, width]) in order, a
/// bounded number of them at a time.
void forGradients(const AttributionSetting& setting, std::size_t count, BackwardRule rule,
                  const std::function<void(std::size_t index, double* point)>& fill,
                  const std::function<void(std::size_t index, const double* outputs, const double* gradients)>& use, Task& task);

/// Base the background's mean, the rest zeros, for methods that look at the rows alone.
Attributions emptyAttributions(const AttributionSetting& setting);
/// Of the background, by its weights.
std::vector<double> meanOutputs(const AttributionSetting& setting, Task& task);

} // namespace limpid
