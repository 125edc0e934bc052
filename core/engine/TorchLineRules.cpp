#include "core/engine/TorchLineRules.h"

#include "core/base/Quadrature.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>

#include <cblas.h>

#include <algorithm>

namespace limpid::engine {

std::vector<at::Tensor> pulledBack(const TensorFunction& function, std::vector<at::Tensor> inputs, const at::Tensor& multipliers)
{
    const at::AutoGradMode gradients(true);
    for (at::Tensor& input : inputs) {
        input = input.detach();
        input.set_requires_grad(true);
    }
    const at::Tensor value = function(inputs);
    value.backward(multipliers.reshape(value.sizes()), false, false, at::TensorList(inputs));
    std::vector<at::Tensor> back;
    for (const at::Tensor& input : inputs)
        back.push_back(input.grad().defined() ? input.grad() : at::zeros_like(input, at::TensorOptions().requires_grad(false)));
    return back;
}

at::Tensor rescaleSlopes(const TensorFunction& function, const Line& line, bool broken)
{
    const at::Tensor& step = line.step[0];
    const at::Tensor tiny = broken ? step.eq(0.0) : step.abs().lt(smallestStep);
    at::Tensor slopes = line.change.div(step);
    if (!tiny.any().item<bool>())
        return slopes;
    const at::Tensor middle = line.start[0].add(step, 0.5);
    return at::where(tiny, pulledBack(function, {middle}, at::ones_like(middle))[0], slopes);
}

at::Tensor pairSums(const at::Tensor& values)
{
    return values.reshape({values.size(0), -1}).sum(1);
}

at::Tensor pairDots(const at::Tensor& a, const at::Tensor& b)
{
    const at::Tensor left = a.contiguous(), right = b.contiguous(); // as they are, mostly
    at::Tensor sums = at::empty({left.size(0)}, at::kDouble);
    const std::int64_t pairs = left.size(0), width = pairs > 0 ? left.numel() / pairs : 0;
    const double *x = left.data_ptr<double>(), *y = right.data_ptr<double>();
    for (std::int64_t pair = 0; pair < pairs; ++pair, x += width, y += width)
        sums.data_ptr<double>()[pair] = cblas_ddot(static_cast<int>(width), x, 1, y, 1);
    return sums;
}

namespace {

/// Nodes of a line go through the network together as far as their values stay in a core's cache.
constexpr std::int64_t valuesAtOnce = 65536;

/// values · factor for each of the factors: [count, …]
at::Tensor atEach(const at::Tensor& values, const double* factors, std::size_t count)
{
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(values.dim()) + 1, 1);
    sizes[0] = static_cast<std::int64_t>(count);
    at::Tensor each = at::empty(sizes, at::kDouble);
    std::copy(factors, factors + count, each.data_ptr<double>());
    return values.unsqueeze(0).mul(each);
}

} // namespace

std::vector<at::Tensor> averagedBack(const TensorFunction& function, const Line& line, const at::Tensor& multipliers, double& spread,
                                     const Task& task)
{
    const at::Tensor parts = multipliers.reshape(line.change.sizes()).mul(line.change);
    const at::Tensor wanted = pairSums(parts);
    const double size = pairSums(parts.abs()).max().item<double>();
    const at::Tensor seed = multipliers.reshape(line.change.sizes());
    std::int64_t values = 1;
    for (const at::Tensor& start : line.start)
        values = std::max(values, start.numel());
    std::vector<at::Tensor> mean;
    at::Tensor residue;
    for (const std::size_t nodes : {std::size_t{8}, std::size_t{32}}) {
        const Quadrature rule = gaussLegendre(nodes);
        const std::size_t most = std::clamp<std::size_t>(static_cast<std::size_t>(valuesAtOnce / values), 1, nodes);
        mean.clear();
        for (std::size_t node = 0; node < nodes; node += most) {
            task.checkpoint();
            const std::size_t count = std::min(most, nodes - node);
            std::vector<at::Tensor> at;
            for (std::size_t k = 0; k < line.start.size(); ++k)
                at.push_back(line.start[k].unsqueeze(0).add(atEach(line.step[k], rule.nodes.data() + node, count)).flatten(0, 1));
            const std::vector<at::Tensor> back = pulledBack(function, std::move(at), atEach(seed, rule.weights.data() + node, count));
            for (std::size_t k = 0; k < back.size(); ++k) {
                const at::Tensor part = back[k].unflatten(0, {static_cast<std::int64_t>(count), -1}).sum(0);
                if (node == 0)
                    mean.push_back(part);
                else
                    mean[k] = mean[k].add(part);
            }
        }
        residue = wanted;
        for (std::size_t k = 0; k < mean.size(); ++k)
            residue = residue.sub(pairDots(mean[k], line.step[k]));
        if (residue.abs().max().item<double>() <= 1e-13 * size)
            break;
    }
    spread = std::max(spread, residue.abs().max().item<double>());
    at::Tensor squares;
    for (const at::Tensor& step : line.step)
        squares = squares.defined() ? squares.add(pairSums(step.square())) : pairSums(step.square());
    const at::Tensor share = at::where(squares.gt(0.0), residue.div(squares), at::zeros_like(residue));
    for (std::size_t k = 0; k < mean.size(); ++k) {
        std::vector<std::int64_t> sizes(static_cast<std::size_t>(mean[k].dim()), 1);
        sizes[0] = share.size(0);
        mean[k] = mean[k].add(line.step[k].mul(share.reshape(sizes)));
    }
    return mean;
}

} // namespace limpid::engine
