#pragma once

#include "core/model/Predictor.h"

namespace limpid {

/// Rows as points of a space in which a network is smooth: a row's numbers, and in the place of its categories and words
/// the vectors that stand for them. Between two rows lies a line, which is what the gradient methods walk.
struct Points {
    std::size_t rows = 0, width = 0;
    std::vector<double> values;      ///< [rows, width]
    double* row(std::size_t i) { return values.data() + i * width; }
    const double* row(std::size_t i) const { return values.data() + i * width; }
};

/// How a gradient passes a ReLU on its way back: as calculus has it; only where it is positive too (guided: Springenberg et al.
/// 2015); or wherever it is positive, whatever the ReLU's input was (deconvolution: Zeiler & Fergus 2014).
enum class BackwardRule { Gradient, Guided, Deconvolution };

struct PointGradients {
    std::vector<double> outputs;     ///< [rows, outputs]
    std::vector<double> gradients;   ///< [rows, outputs, width]
};

/// What one layer gave away or made up on the way back from the output: its part of the ledger.
struct LayerLeak {
    std::string layer, type;
    double leak = 0.0;     ///< largest |Σ contributions of its inputs − Σ contributions of its output| over rows, references and outputs
    double spread = 0.0;   ///< the largest residue of a numeric average that was spread over its inputs, so that it does not leak
};

struct DeepLiftContributions {
    std::vector<double> values;      ///< [rows, outputs, width]: mean over the references
    std::vector<double> outputs;     ///< [rows, outputs]
    std::vector<double> base;        ///< [outputs]: mean over the references
    std::vector<LayerLeak> ledger;   ///< from the output to the inputs; empty where it was not asked for
};

/// Grad-CAM's maps (Selvaraju et al. 2017, equations 1 and 2, without the ReLU): Σ over channels k of α_k · A_k, where A is what a
/// layer gives and α_k the mean of the output's gradient over A_k.
struct ActivationMaps {
    std::string layer;
    std::size_t height = 0, width = 0;   ///< of the layer's own grid
    std::vector<double> maps;            ///< [rows, outputs, height, width]
    std::vector<double> outputs;         ///< [rows, outputs]
};

/// A Predictor that can be differentiated. Computes in double precision.
class DifferentiablePredictor : public Predictor
{
public:
    /// Values of a point.
    virtual std::size_t pointWidth() const = 0;
    /// Whose each of them is: index into Pipeline::groups(). [pointWidth]
    virtual const std::vector<std::size_t>& pointPlayers() const = 0;
    /// False where some value of a point stands for several columns at once, so that nothing can be said of each.
    virtual bool separatesColumns() const = 0;
    virtual Points points(const Features& features, Task& task) const = 0;

    /// [points, outputs]
    virtual std::vector<double> outputsAt(const Points& points, OutputSpace space, Task& task) const = 0;
    virtual PointGradients gradientsAt(const Points& points, OutputSpace space, BackwardRule rule, Task& task) const = 0;

    /// The layers that give pictures, from the input on; empty where there is no image().
    virtual std::vector<std::string> pictureLayers() const = 0;
    /// The one that Grad-CAM looks at unless told otherwise: the last with the size of the last convolution. Only where there is one.
    virtual std::string lastPictureLayer() const = 0;
    /// `layer`: of pictureLayers().
    virtual ActivationMaps activationMaps(const Points& points, const std::string& layer, OutputSpace space, Task& task) const = 0;

    /// DeepLIFT's contributions of each value of each row against each reference (Shrikumar et al. 2017), meaned over the references
    /// ("DeepSHAP": Lundberg & Lee 2017). Rows and references: at least one each.
    virtual DeepLiftContributions deepLift(const Points& rows, const Points& references, OutputSpace space, bool ledger,
                                           Task& task) const = 0;
};

} // namespace limpid
