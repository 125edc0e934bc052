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

std::vector<at::Tensor> averagedBack(const TensorFunction& function, const Line& line, const at::Tensor& multipliers, double& spread,
                                     const Task& task)
{
    const at::Tensor parts = multipliers.reshape(line.change.sizes()).mul(line.change);
    const at::Tensor wanted = pairSums(parts);
    const double size = pairSums(parts.abs()).max().item<double>();
    std::vector<at::Tensor> mean;
    at::Tensor residue;
    for (const std::size_t nodes : {std::size_t{8}, std::size_t{32}}) {
        const Quadrature rule = gaussLegendre(nodes);
        std::fill(mean.begin(), mean.end(), at::Tensor());
        mean.resize(line.start.size());
        for (std::size_t node = 0; node < nodes; ++node) {
            task.checkpoint();
            std::vector<at::Tensor> at;
            for (std::size_t k = 0; k < line.start.size(); ++k)
                at.push_back(line.start[k].add(line.step[k], rule.nodes[node]));
            const std::vector<at::Tensor> back = pulledBack(function, std::move(at), multipliers);
            for (std::size_t k = 0; k < back.size(); ++k)
                mean[k] = mean[k].defined() ? mean[k].add(back[k], rule.weights[node]) : back[k].mul(rule.weights[node]);
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
