#include "core/workbench/ExplainMethods.h"

#include "core/base/Error.h"

#include <algorithm>
#include <array>

namespace limpid {

const std::vector<ExplainMethod>& explainMethods()
{
    using About = ExplainMethod::About;
    static const std::vector<ExplainMethod> methods{
        {"leverage", About::Rows, true, true},
        {"permutation", About::Rows, true, true},
        {"kernel", About::Rows, true},
        {"exact", About::Rows, false},
        {"partition", About::Rows, true},
        {"linear", About::Rows, false},
        {"linear-correlated", About::Rows, true},
        {"deeplift", About::Rows, false},
        {"expected-gradients", About::Rows, false},
        {"integrated-gradients", About::Rows, true},
        {"saliency", About::Rows, false},
        {"input-x-gradient", About::Rows, false},
        {"smoothgrad", About::Rows, true},
        {"guided-backprop", About::Rows, false},
        {"deconvolution", About::Rows, false},
        {"grad-cam", About::Rows, false},
        {"guided-grad-cam", About::Rows, false},
        {"occlusion", About::Rows, false},
        {"lime", About::Rows, true},
        {"permutation-importance", About::Quality, false},
        {"pdp", About::Columns, false},
        {"ice", About::Columns, false},
        {"ale", About::Columns, false},
        {"interactions", About::Columns, false},
        {"shapley-interactions", About::Columns, false},
        {"surrogate", About::Columns, false},
        {"counterfactual", About::Row, false},
    };
    return methods;
}

bool takesGroups(const std::string& method)
{
    static constexpr std::array names{"leverage", "permutation", "kernel", "exact", "partition", "occlusion"};
    return std::find(names.begin(), names.end(), method) != names.end();
}

const ExplainMethod& explainMethod(const std::string& name)
{
    const std::vector<ExplainMethod>& methods = explainMethods();
    const auto found = std::find_if(methods.begin(), methods.end(), [&](const ExplainMethod& method) { return method.name == name; });
    if (found != methods.end())
        return *found;
    std::string expected;
    for (const ExplainMethod& method : methods)
        expected += (expected.empty() ? "" : " | ") + method.name;
    throw Error(ErrorCode::OptionInvalid, {{"name", "method"}, {"value", name}, {"expected", expected}});
}

} // namespace limpid
